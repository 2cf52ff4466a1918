Feature: Everyone brings a folder, everyone sees one file system
  Peers announce what is in their folders; any of them finds it and fetches it, verified.

  @T1 @T3 @T4 @T5
  Scenario: A file is announced, found, listed and fetched
    Given anna writes "hello" to "notes/hello.txt"
    And a tracker
    And peers anna and ben
    When soon ben sees that "notes/hello.txt" is held by anna
    Then ben's `ls` has:
      | /0/name    | notes/hello.txt |
      | /0/size    | 5               |
      | /0/holders | 1               |
      | /0/here    | false           |
    When ben runs `get notes/hello.txt`
    Then it ends with status 0
    And it says "got notes/hello.txt, 5 B"
    And ben's "notes/hello.txt" says "hello"
    And soon anna sees that "notes/hello.txt" is held by anna and ben
    When ben runs `get notes/hello.txt`
    Then it ends with status 0
    And it says "is here already"

  @T3 @T13
  Scenario: What nobody has, and what is no name, are clear answers
    Given a tracker
    And peer anna
    When soon anna's `find nothing.txt` ends with status 3
    Then it says "nothing.txt"
    When anna runs `get nothing.txt`
    Then it ends with status 3
    When anna runs `get ../etc/passwd`
    Then it ends with status 2
    When anna runs `find`
    Then it ends with status 2
    When anna runs `ls --peer zoe`
    Then it ends with status 3
    And it says "no such peer: zoe"

  @T5 @T7
  Scenario: Files that appear, change and vanish behind Potluck's back
    Given a tracker
    And peers anna and ben
    When anna writes "one" to "diary.txt"
    Then soon ben sees that "diary.txt" is held by anna
    When ben runs `get diary.txt`
    And anna writes "one, two" to "diary.txt"
    Then soon ben's "diary.txt" says "one, two"
    And soon ben's `find diary.txt` has:
      | /version | 2 |
    And soon ben sees that "diary.txt" is held by anna and ben
    When anna deletes "diary.txt" from her folder
    Then soon ben sees that "diary.txt" is held by ben
    And ben's "diary.txt" says "one, two"
    When ben deletes "diary.txt" from his folder
    Then soon anna's `find diary.txt` ends with status 3

  @T7
  Scenario: An edit of the same size with its time put back is noticed
    Given a tracker
    And peers anna and ben
    When anna writes "rent 500" to "contract.txt"
    And soon ben's `get contract.txt` ends with status 0
    And anna overwrites "contract.txt" with "rent 900" and puts its time back
    And anna runs `update`
    Then soon ben's "contract.txt" says "rent 900"

  @T7
  Scenario: Update tells what it found and what it skipped
    Given anna writes "secret" to "../outside.txt"
    And anna makes a symbolic link "way-out" to "../outside.txt"
    And anna makes a FIFO "pipe"
    And a tracker
    And peer anna
    When anna writes "new" to "new.txt"
    And anna runs `update`
    Then it ends with status 0
    And it says "pipe"
    And soon anna's `ls` says "new.txt"
    And anna's `ls` says "way-out"
    And anna's `ls` does not say "outside.txt"
    And soon anna's `status` says "pipe"
    And anna's `status` does not say "way-out"

  @D9
  Scenario: Links in a folder that is put, fetched, copied out and deleted
    Given desk writes "text" to "tree/file"
    And desk makes a symbolic link "tree/link" to "file"
    And desk makes a symbolic link "tree/far" to "/nowhere/at all"
    And a tracker
    And peers anna and ben
    When anna runs `put desk/tree`
    Then it ends with status 0
    And soon ben's `get -r tree` ends with status 0
    And in ben's folder `readlink tree/link tree/far && cat tree/link` prints "file\n/nowhere/at all\ntext"
    And ben's `cat tree/link` says "file"
    And ben's `ls tree --json` says "symlink"
    When ben runs `get -r tree -o desk/copy`
    Then it ends with status 0
    And in ben's folder `diff -r --no-dereference ../desk/tree ../desk/copy/tree && echo same` prints "same"
    When anna runs `put desk/tree/link --as followed`
    Then it ends with status 0
    And soon ben's `cat followed` says "text"
    When anna runs `rm tree/link`
    Then soon ben has no "tree/link"
    When ben runs `restore tree/link`
    Then it ends with status 0
    And in ben's folder `readlink tree/link` prints "file"

  @D9
  Scenario: Uploading
    Given desk writes "first" to "song.txt"
    And desk writes "another" to "other/song.txt"
    And a tracker
    And peers anna and ben
    When anna runs `put desk/song.txt`
    Then it ends with status 0
    And anna's "song.txt" says "first"
    And soon ben sees that "song.txt" is held by anna
    When anna runs `put desk/song.txt`
    Then it ends with status 0
    When ben runs `put desk/other/song.txt`
    Then it ends with status 5
    And it says "song.txt exists with other content"
    And it says "--replace"
    And anna's "song.txt" says "first"
    When ben runs `put desk/other/song.txt --replace`
    Then it ends with status 0
    And soon anna's "song.txt" says "another"
    When ben runs `put desk/song.txt --as music/one.txt`
    Then it ends with status 0
    And soon anna's `cat music/one.txt` says "first"
    And anna has no "music/one.txt"
    When ben runs `put desk/no-such-file`
    Then it ends with status 1
    And it says "desk/no-such-file"

  @D9
  Scenario: Deleting, restoring and renaming
    Given anna writes "keep me" to "a.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get a.txt` ends with status 0
    And soon anna sees that "a.txt" is held by anna and ben
    When ben runs `mv a.txt archive/b.txt`
    Then it ends with status 0
    And soon anna's "archive/b.txt" says "keep me"
    And soon anna has no "a.txt"
    When ben runs `rm archive/b.txt`
    Then it ends with status 0
    And soon anna has no "archive/b.txt"
    And soon anna's `ls` does not say "b.txt"
    When ben runs `rm archive/b.txt`
    Then it ends with status 3
    When anna runs `restore archive/b.txt`
    Then it ends with status 0
    And anna's "archive/b.txt" says "keep me"
    And soon ben's `cat archive/b.txt` says "keep me"
    When anna runs `restore never-there`
    Then it ends with status 3

  @T5
  Scenario: Names that are hard to type
    Given anna writes to her folder:
      | two words.txt       | spaces   |
      | line\nbreak.txt     | newline  |
      | Привет мир.txt      | cyrillic |
      | 🎂/📷.jpg           | emoji    |
      | <long>              | long     |
      | empty               |          |
    And a tracker
    And peers anna and ben
    When soon ben's `ls` says "two words.txt"
    And ben runs `get "two words.txt" "line\nbreak.txt" "Привет мир.txt" 🎂/📷.jpg <long> empty`
    Then it ends with status 0
    And ben's "two words.txt" says "spaces"
    And ben's "line\nbreak.txt" says "newline"
    And ben's "Привет мир.txt" says "cyrillic"
    And ben's "🎂/📷.jpg" says "emoji"
    And ben's "<long>" says "long"
    And ben's "empty" says ""

  @T5 @T14
  Scenario: A whole folder, beside the share, by one command
    Given anna writes 300 small files to "tree/deep"
    And anna writes 3 MiB to "tree/large.bin"
    And a tracker
    And peers anna and ben
    When soon ben sees that "tree/large.bin" is held by anna
    And ben runs `get -r tree`
    Then it ends with status 0
    And ben's folder holds 301 files
    And ben's "tree/deep/299" says "file 299 of anna"
    And ben's "tree/large.bin" is the same as anna's
    When ben deletes the folder "tree" from his folder
    And ben runs `get -r tree`
    Then it ends with status 0
    And ben's folder holds 301 files
    And ben's "tree/deep/299" says "file 299 of anna"
    And ben's "tree/large.bin" is the same as anna's
    When ben runs `get -r tree -o desk`
    Then it ends with status 0
    And desk's "tree/large.bin" is the same as anna's
    And ben's folder holds 301 files
    When ben runs `get -r nothing/here`
    Then it ends with status 3

  @T5
  Scenario: A large file comes from several holders together
    Given anna writes 24 MiB to "film"
    And ben writes 24 MiB to "film"
    And a tracker
    And peers anna, ben and clara
    When soon clara sees that "film" is held by anna and ben
    And clara runs `get film --json`
    Then it ends with status 0
    And its answer has:
      | /files/0/name          | film     |
      | /files/0/moved         | 25165824 |
      | /files/0/from          | 2        |
    And clara's "film" is the same as anna's

  @T6
  Scenario: How busy a peer is
    Given a tracker
    And peers anna and ben
    When soon anna's `load ben` ends with status 0
    Then anna's `load ben` has:
      | /peer      | ben |
      | /uploads   | 0   |
      | /downloads | 0   |
      | /load      | 0   |
    When anna runs `load zoe`
    Then it ends with status 3
    When ben is stopped
    And anna runs `load ben`
    Then it ends with status 4
    And it says "ben"
