Feature: What was deleted does not come back
  Deletions are remembered for a while. Who was away for longer does not bring back what was deleted, and loses nothing.

  Scenario: A machine returns after its party has forgotten a deletion
    Given anna writes "old" to "gone.txt"
    And anna writes "stays" to "here.txt"
    And anna writes "first" to "edited.txt"
    And a tracker with `--tombstones 4s`
    And peers anna and ben
    And soon ben's `get gone.txt here.txt edited.txt` ends with status 0
    And soon ben is in touch with the directory
    When ben is killed
    And ben writes "made meanwhile" to "new.txt"
    And ben writes "changed meanwhile" to "edited.txt"
    And anna runs `rm gone.txt edited.txt`
    Then soon anna's `history gone.txt` ends with status 3
    When the tracker is stopped
    And the tracker returns
    And ben returns
    Then ben's log says "gone.txt is set aside"
    And ben has no "gone.txt"
    And soon ben's `status` has:
      | /set_aside/0 | gone.txt |
    And soon anna sees that "new.txt" is held by ben
    And soon anna's `get edited.txt` ends with status 0
    And anna's "edited.txt" says "changed meanwhile"
    And soon anna sees that "here.txt" is held by anna and ben
    And anna's `find gone.txt` ends with status 3
    When ben is killed
    And ben returns
    Then ben's `status` says "SET ASIDE"
    When ben runs `restore gone.txt`
    Then it ends with status 0
    And ben's "gone.txt" says "old"
    And soon anna sees that "gone.txt" is held by ben
    And ben's `status` does not say "SET ASIDE"

  Scenario: A machine that hung is no different from one that was off
    Given anna writes "old" to "gone.txt"
    And a tracker with `--tombstones 4s`
    And peers anna and ben
    And soon ben's `get gone.txt` ends with status 0
    And soon ben is in touch with the directory
    When ben hangs
    And anna runs `rm gone.txt`
    Then soon anna's `history gone.txt` ends with status 3
    When ben goes on
    Then soon ben has no "gone.txt"
    And soon ben's `find gone.txt` ends with status 3
    And anna's `find gone.txt` ends with status 3
    And soon ben's `restore gone.txt` ends with status 0
    And ben's "gone.txt" says "old"

  Scenario: A directory that has forgotten everything takes nobody's files for deleted
    Given anna writes "a" to "a.txt"
    And ben writes "b" to "b.txt"
    And a forgetful tracker with `--tombstones 4s`
    And peers anna and ben
    And soon ben sees that "a.txt" is held by anna
    And soon anna sees that "b.txt" is held by ben
    And soon ben is in touch with the directory
    When ben is killed
    And anna writes "x" to "x.txt"
    And soon anna sees that "x.txt" is held by anna
    And anna runs `rm x.txt`
    Then soon anna's `history x.txt` ends with status 3
    When the tracker is killed
    And the tracker returns
    And ben returns
    Then soon anna sees that "b.txt" is held by ben
    And ben's "b.txt" says "b"
    And ben's log says "longer than deletions are remembered"

  Scenario: A machine returns to a directory that was begun anew, and has forgotten a deletion since
    Given anna writes "old" to "gone.txt"
    And anna runs up with `--refresh 500ms --lease 3s --tombstones 4s`
    And anna is ready
    And anna invites with `invite`, giving <ticket>
    And ben runs up with `--join <ticket> --refresh 500ms --lease 3s --tombstones 4s`
    And ben is ready
    And soon ben's `get gone.txt` ends with status 0
    And soon anna is in touch with the directory
    When anna is killed
    Then soon ben's `recover --yes` ends with status 0
    And soon ben's `rm gone.txt` ends with status 0
    And soon ben's `history gone.txt` ends with status 3
    When anna returns
    Then soon anna's `status` has:
      | /set_aside/0 | gone.txt |
    And soon anna has no "gone.txt"
    And ben's `find gone.txt` ends with status 3
