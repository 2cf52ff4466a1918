"""roots.py PIECE_LENGTH FILE...: what libtorrent finds for each file: its BitTorrent v2 root and the
SHA-256 of its piece layer ("-" where there is none). An independent implementation of BEP 52."""
import hashlib
import os
import sys

import libtorrent

piece_length = int(sys.argv[1])
for path in sys.argv[2:]:
    storage = libtorrent.file_storage()
    storage.add_file(os.path.basename(path), os.path.getsize(path))
    torrent = libtorrent.create_torrent(storage, piece_length, libtorrent.create_torrent.v2_only)
    libtorrent.set_piece_hashes(torrent, os.path.dirname(path))
    document = torrent.generate()
    root = document[b"info"][b"file tree"][os.path.basename(path).encode()][b""].get(b"pieces root", b"\0" * 32)
    layer = document.get(b"piece layers", {}).get(root)
    print(root.hex(), hashlib.sha256(layer).hexdigest() if layer else "-")
