"""Drives libtorrent for the benchmarks.

  make  CONTENT TORRENT                 writes a torrent of a file or folder
  seed  TORRENT FOLDER PORT             gives the content that lies in FOLDER; prints "ready PORT"
  leech TORRENT FOLDER PORT GO PEER...  prints "ready PORT", waits for the file GO, then fetches from
                                        the PEERs (HOST:PORT) and prints "done" once all is verified

TCP only, no encryption, no discovery, no limits: settings for speed.
"""

import os
import sys
import time

import libtorrent as lt

SETTINGS = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "in_enc_policy": 2,
    "out_enc_policy": 2,
    "allow_multiple_connections_per_ip": True,
    "unchoke_slots_limit": -1,
    "connections_limit": 500,
    "connection_speed": 200,
    "torrent_connect_boost": 100,
    "smooth_connects": False,
    "min_reconnect_time": 1,
    "max_out_request_queue": 1000,
    "max_allowed_in_request_queue": 4000,
    "request_queue_time": 3,
    "send_buffer_watermark": 4 << 20,
    "send_buffer_low_watermark": 1 << 20,
    "send_buffer_watermark_factor": 150,
    "aio_threads": 4,
    "hashing_threads": 2,
    "no_atime_storage": True,
    "alert_mask": lt.alert.category_t.status_notification,
}


def make(content, torrent):
    files = lt.file_storage()
    lt.add_files(files, content)
    created = lt.create_torrent(files)
    lt.set_piece_hashes(created, os.path.dirname(content))
    with open(torrent, "wb") as out:
        out.write(lt.bencode(created.generate()))


def session(port):
    made = lt.session(dict(SETTINGS, listen_interfaces="0.0.0.0:%s" % port))
    while made.listen_port() == 0:
        time.sleep(0.01)
    return made


def parameters(torrent, folder):
    wanted = lt.add_torrent_params()
    wanted.ti = lt.torrent_info(torrent)
    wanted.save_path = folder
    wanted.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    return wanted


def seed(torrent, folder, port):
    giving = session(port)
    wanted = parameters(torrent, folder)
    wanted.flags |= lt.torrent_flags.seed_mode
    giving.add_torrent(wanted)
    print("ready %d" % giving.listen_port(), flush=True)
    while True:
        time.sleep(3600)


def leech(torrent, folder, port, go, *peers):
    taking = session(port)
    wanted = parameters(torrent, folder)
    print("ready %d" % taking.listen_port(), flush=True)
    while not os.path.exists(go):
        time.sleep(0.005)
    handle = taking.add_torrent(wanted)
    for peer in peers:
        host, number = peer.rsplit(":", 1)
        handle.connect_peer((host, int(number)))
    finished = False
    while True:
        taking.wait_for_alert(500)
        for alert in taking.pop_alerts():
            if isinstance(alert, lt.torrent_finished_alert) and not finished:
                finished = True
                print("done", flush=True)


if __name__ == "__main__":
    {"make": make, "seed": seed, "leech": leech}[sys.argv[1]](*sys.argv[2:])
