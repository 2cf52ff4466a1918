Feature: A mount
  Every file of everyone in an ordinary directory, for any program.

  @T15 @D4
  Scenario: Listing costs no transfer, reading fetches what is read
    Given anna writes 48 MiB to "film"
    And anna writes "hello" to "letters/2026/first.txt"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    Then soon in the mount `ls -R` prints ".:\nfilm\nletters\n\n./letters:\n2026\n\n./letters/2026:\nfirst.txt"
    And in the mount `stat -c '%s %F' film letters` prints "50331648 regular file\n0 directory"
    And ben's folder holds 0 files
    When in the mount `cat letters/2026/first.txt` prints "hello"
    And in the mount `head -c 100 film | cmp -n 100 - <folder>/anna/film && echo same` prints "same"
    Then soon ben's "letters/2026/first.txt" says "hello"
    And ben has no "film"
    And soon anna sees that "film" is held by anna and ben
    And in the mount `tail -c 1000 film | cmp - <(tail -c 1000 <folder>/anna/film) && echo same` prints "same"
    And ben has no "film"
    When in the mount `cmp film <folder>/anna/film && echo same` prints "same"
    Then soon ben's "film" is the same as anna's
    And in the mount `cmp film <folder>/anna/film && echo same` prints "same"

  @T15
  Scenario: Programs at work in it
    Given anna writes 100 small files to "source"
    And anna writes "three" to "a name with spaces"
    And anna makes a folder "bin"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `ls source | wc -l` prints "100"
    Then in the mount `tar c source | tar x -C <folder> && diff -r <folder>/source <folder>/anna/source && echo same` prints "same"
    And in the mount `cp /bin/ls <folder>/anna/bin/list` prints ""
    And soon in the mount `bin/list 'a name with spaces'` prints "a name with spaces"
    And in the mount `grep -rl three . | head -1` prints "./a name with spaces"
    And in the mount `echo more > new && cat new && rm new && ls new` fails, saying "No such file"
    And in the mount `ln bin/list link` fails, saying "Operation not permitted"
    And in the mount `cat nothing` fails, saying "No such file"
    And soon in the mount `python3 -c "import os; print(os.getxattr('a name with spaces', 'user.potluck.version').decode(), os.getxattr('a name with spaces', 'user.potluck.here').decode())"` prints "1 yes"

  @D7
  Scenario: What is written in it is everybody's
    Given a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    When in the mount `mkdir -p letters/old && echo first > new && mv new letters/old/ && echo again >> letters/old/new` prints ""
    And anna runs `mv letters/old/new note`
    Then soon in the mount `cat note && ls letters` prints "first\nagain\nold"
    And in ben's folder `cat note` prints "first\nagain"

  @T15
  Scenario: A change elsewhere is seen, and who has the old version open keeps it
    Given anna writes "first" to "note"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `cat note` prints "first"
    When a program in the mount begins `exec 3< note; cat note; touch <folder>/begun; until grep -q second note; do :; done; cat <&3`
    Then soon in the mount `ls <folder>/begun` prints "<folder>/begun"
    When anna writes "second" to "note"
    Then that program prints "firstfirst"
    And in the mount `cat note` prints "second"
    When anna deletes "note" from her folder
    And anna writes "third" to "folder/note"
    Then soon in the mount `cat folder/note` prints "third"
    When anna runs `mv folder/note letter`
    Then soon in the mount `ls; cat letter` prints "letter\nthird"
    When anna runs `rm letter`
    Then soon in the mount `ls` prints ""

  @T15
  Scenario: A file changed in the share is itself a moment later
    Given ben writes "old" to "mine"
    And a place for a mount
    And a tracker
    And peer ben with `--mount <mount>`
    And soon in the mount `cat mine` prints "old"
    When ben writes "newer" to "mine"
    Then soon in the mount `cat mine` prints "newer"

  @T15
  Scenario: A holder that dies, and one that returns
    Given anna writes 8 MiB to "film"
    And a place for a mount
    And a tracker
    And peers anna and clara
    And peer ben with `--mount <mount> --read-timeout 3s`
    And soon in the mount `ls` prints "film"
    When anna is killed
    Then in the mount `timeout 60 head -c 10 film` fails, saying "Input/output error"
    When anna returns
    Then soon in the mount `head -c 10 film | wc -c` prints "10"
    And soon clara sees that "film" is held by anna and ben

  @T15
  Scenario: Without the tracker what is here goes on
    Given anna writes "hello" to "greeting"
    And anna writes 8 MiB to "film"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `cat greeting` prints "hello"
    And soon in the mount `ls` prints "film\ngreeting"
    When the tracker is killed
    Then in the mount `ls` prints "film\ngreeting"
    And in the mount `cat greeting` prints "hello"
    And in the mount `cmp film <folder>/anna/film && echo same` prints "same"

  @T15
  Scenario: A peer with a mount that is killed, returns and ends
    Given anna writes "hello" to "greeting"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `cat greeting` prints "hello"
    When ben is killed
    And ben returns
    Then soon in the mount `cat greeting` prints "hello"
    When a program in the mount begins `cd /; exec 3< <mount>/greeting; touch <folder>/begun; for i in {1..600}; do test -e <folder>/stopped && break; sleep 0.1; done; cat <&3 || echo gone`
    Then soon in the mount `ls <folder>/begun` prints "<folder>/begun"
    When ben is stopped
    Then nothing is mounted there
    And in the mount `touch <folder>/stopped` prints ""

  @T15
  Scenario: A mount in the share, or the share in it
    Given a place for a mount
    And a tracker
    When ben runs up with `--open --join <tracker> --mount <folder>/ben/mnt`
    Then ben ends by itself with status 2
    And ben's log says "lies in the share"
    When ben runs up with `--open --join <tracker> --mount <folder>`
    Then ben ends by itself with status 2

  @T15
  Scenario: Who unmounts it ends the peer, which says so
    Given anna writes "hello" to "greeting"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `cat greeting` prints "hello"
    When in anna's folder `umount <mount> && echo done` prints "done"
    Then ben ends by itself with status 1
    And ben's log says "the mount on <mount> has ended: somebody unmounted it"
    And ben's log says "start potluck up again"
    And nothing is mounted there

  @T15
  Scenario: Git, rsync, a web server, a player and a mapping
    Given anna writes 24 MiB to "film"
    And anna writes 40 small files to "source"
    And anna makes a folder "project"
    And a place for a mount
    And a tracker
    And in anna's folder `cd project && git init -q . && echo one > a && git add a && git -c user.name=anna -c user.email=a@b commit -qm first && echo done` prints "done"
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `diff <(cd project && find . -type f | sort) <(cd <folder>/anna/project && find . -type f | sort) && ls source | wc -l` prints "40"
    Then in the mount `git clone -q project <folder>/clone && git -C <folder>/clone log --format=%s` prints "first"
    And in the mount `rsync -a source <folder>/copy && rsync -rcn --out-format=%n source <folder>/copy` prints ""
    And in the mount `diff -r source <folder>/copy/source && echo same` prints "same"
    And in the mount `python3 -c "import http.server as h, threading as t, urllib.request as u; s = h.ThreadingHTTPServer(('127.0.0.1', 0), h.SimpleHTTPRequestHandler); t.Thread(target=s.serve_forever, daemon=True).start(); print(u.urlopen('http://127.0.0.1:%d/film' % s.server_port).read() == open('<folder>/anna/film', 'rb').read())"` prints "True"
    And in the mount `python3 -c "import random; f = open('film', 'rb'); g = open('<folder>/anna/film', 'rb'); print(all(f.seek(p) == g.seek(p) and f.read(100000) == g.read(100000) for p in random.sample(range(24 << 20), 100)))"` prints "True"
    And in the mount `python3 -c "import mmap, os; m = lambda p: mmap.mmap(os.open(p, os.O_RDONLY), 0, prot=mmap.PROT_READ); print(m('film')[:] == m('<folder>/anna/film')[:])"` prints "True"

  @T15
  Scenario: A mapping of a file that is fetched under it
    Given anna writes 16 MiB to "film"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `ls` prints "film"
    Then in the mount `python3 -c "import mmap, os, random; m = lambda p: mmap.mmap(os.open(p, os.O_RDONLY), 0, prot=mmap.PROT_READ); f = m('film'); g = m('<folder>/anna/film'); print(all(f[p:p+5000] == g[p:p+5000] for p in random.sample(range(16 << 20), 60)))"` prints "True"

  @T15
  Scenario: A holder that dies in the middle of a read, while another has the file
    Given anna writes 48 MiB to "film"
    And a place for a mount
    And a tracker
    And peers anna and clara
    And soon clara's `get film` ends with status 0
    And peer ben with `--mount <mount>`
    And soon anna sees that "film" is held by anna and clara
    And soon in the mount `ls` prints "film"
    When a program in the mount begins `exec 3< film; head -c 3000000 <&3 > <folder>/read; touch <folder>/begun; until test -e <folder>/killed; do sleep 0.1; done; cat <&3 >> <folder>/read; cmp <folder>/read <folder>/anna/film && echo same`
    Then soon in the mount `ls <folder>/begun` prints "<folder>/begun"
    When anna is killed
    And in the mount `touch <folder>/killed` prints ""
    Then that program prints "same"

  @T15
  Scenario: Who opened a file reads it when it is deleted, as long as somebody keeps it
    Given anna writes 48 MiB to "film"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `ls` prints "film"
    When a program in the mount begins `cp <folder>/anna/film <folder>/copy; exec 3< film; touch <folder>/begun; until ! test -e film; do sleep 0.1; done; cat <&3 > <folder>/read; cmp <folder>/read <folder>/copy && echo same`
    Then soon in the mount `ls <folder>/begun` prints "<folder>/begun"
    When anna runs `rm film`
    Then that program prints "same"

  @T15
  Scenario: A file that becomes whole under an open reader
    Given anna writes 24 MiB to "film"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `ls` prints "film"
    When a program in the mount begins `exec 3< film; head -c 1000000 <&3 > <folder>/read; cmp film <folder>/anna/film; until test -e <folder>/ben/film; do sleep 0.05; done; exec 4< film; cmp film <folder>/anna/film; cat <&3 >> <folder>/read; cat <&4 | cmp - <folder>/anna/film; cmp <folder>/read <folder>/anna/film && echo same`
    Then that program prints "same"

  @T15
  Scenario: Ctrl-C while files are open
    Given anna writes "hello" to "greeting"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `cat greeting` prints "hello"
    When a program in the mount begins `cd /; exec 3< <mount>/greeting; touch <folder>/begun; until test -e <folder>/done; do sleep 0.1; done`
    And soon in the mount `ls <folder>/begun` prints "<folder>/begun"
    And Ctrl-C is typed at ben
    Then ben has ended within 5 seconds, with status 0
    And ben's log says "is in use"
    And nothing is mounted there
    And in anna's folder `touch <folder>/done` prints ""

  @T15
  Scenario: Reading pushes no edit aside
    Given anna writes "theirs" to "note"
    And a place for a mount
    And a tracker
    And peer anna
    And peer ben with `--mount <mount>`
    And soon in the mount `cat note` prints "theirs"
    And soon ben's "note" says "theirs"
    When the tracker is killed
    And ben writes "mine, not told to anybody yet" to "note"
    And in the mount `cat note > /dev/null; sleep 0.2; cat note > /dev/null; ls <folder>/ben` prints "note"
    Then ben's "note" says "mine, not told to anybody yet"
