Feature: Machines die, hang and return
  Whoever is left goes on; whoever returns catches up by itself; nothing reverts.

  @T11
  Scenario: The tracker returns with nothing, and knows everything again
    Given anna writes to her folder:
      | one.txt   | 1 |
      | two.txt   | 2 |
    And ben writes "3" to "three.txt"
    And a forgetful tracker
    And peers anna and ben
    And soon anna sees that "three.txt" is held by ben
    And soon ben sees that "one.txt" is held by anna
    When ben runs `get one.txt`
    And anna runs `rm two.txt`
    And the tracker is killed
    Then ben's `find one.txt` has:
      | /cached | true |
    And anna's `get three.txt` ends with status 0
    When the tracker returns
    Then soon the tracker's `ls` says "one.txt"
    And soon anna sees that "one.txt" is held by anna and ben
    And soon ben sees that "three.txt" is held by anna and ben
    And soon ben's `find one.txt` has:
      | /cached  | false |
      | /version | 1     |
    And soon anna's `find two.txt` ends with status 3
    And anna has no "two.txt"

  @T11
  Scenario: A running download does not notice that the tracker is gone
    Given anna writes 96 MiB to "film"
    And a forgetful tracker
    And peers anna and ben
    And soon ben sees that "film" is held by anna
    When ben begins `get film`
    And part of "film" is at ben
    And the tracker is killed
    Then ben's command ends with status 0
    And ben's "film" is the same as anna's
    When the tracker returns
    Then soon ben sees that "film" is held by anna and ben

  @T13
  Scenario: Peers start before the tracker
    Given no tracker yet
    When peer anna is started
    And the tracker starts
    Then anna is ready
    When anna writes "early" to "bird.txt"
    Then soon the tracker's `find bird.txt` ends with status 0

  @T13
  Scenario: A peer that was in the party starts without the tracker
    Given anna writes "still here" to "a.txt"
    And a forgetful tracker
    And peers anna and ben
    And soon ben's `get a.txt` ends with status 0
    And soon anna sees that "a.txt" is held by anna and ben
    When the tracker is killed
    And ben is stopped
    And ben returns
    Then ben's `ls` says "a.txt"
    And ben's `ls` says "the directory is away"
    When ben deletes "a.txt" from his folder
    And soon ben's `get a.txt --wait 10s` ends with status 0
    Then ben's "a.txt" says "still here"
    When the tracker returns
    Then soon the tracker's `find a.txt` ends with status 0
    And soon anna sees that "a.txt" is held by anna and ben

  @T13
  Scenario: A first join without a tracker says so in the end
    Given no tracker yet
    When anna runs up with `--open --join <tracker> --wait 1s`
    Then anna ends by itself with status 4
    And anna's log says "<tracker>"

  @T12 @T5
  Scenario: A holder is killed in the middle of a download
    Given anna writes 96 MiB to "film"
    And ben writes 96 MiB to "film"
    And a tracker
    And peers anna, ben and clara
    And soon clara sees that "film" is held by anna and ben
    When clara begins `get film`
    And part of "film" is at clara
    And ben is killed
    Then clara's command ends with status 0
    And clara's "film" is the same as anna's
    When ben returns
    Then soon clara sees that "film" is held by anna, ben and clara

  @T12
  Scenario: A holder that hangs is left alone
    Given anna writes 24 MiB to "film"
    And ben writes 24 MiB to "film"
    And a tracker
    And peers anna, ben and clara
    And soon clara sees that "film" is held by anna and ben
    When ben hangs
    And clara begins `get film`
    Then clara's command ends with status 0
    And clara's "film" is the same as anna's

  @T12
  Scenario: A peer that is killed while it downloads finishes when it returns
    Given anna writes 96 MiB to "film"
    And a tracker
    And peers anna and ben
    And soon ben sees that "film" is held by anna
    When ben begins `get film`
    And part of "film" is at ben
    And ben is killed
    Then ben has no "film"
    And ben's command ends with status 4
    When ben returns
    Then soon ben's "film" is the same as anna's
    And soon anna sees that "film" is held by anna and ben

  @T13
  Scenario: Every holder is down, then one returns
    Given anna writes "worth waiting for" to "a.txt"
    And a tracker
    And peers anna and ben
    And soon ben sees that "a.txt" is held by anna
    When anna is stopped
    Then soon ben sees that "a.txt" is held by nobody
    When ben runs `get a.txt`
    Then it ends with status 4
    And it says "a.txt"
    And it says "--wait"
    When ben begins `get a.txt --wait 60s`
    And anna returns
    Then ben's command ends with status 0
    And ben's "a.txt" says "worth waiting for"

  @T2
  Scenario: A peer that died is forgotten, the name stays
    Given anna writes "x" to "a.txt"
    And a tracker
    And peers anna and ben
    And soon ben sees that "a.txt" is held by anna
    When anna is killed
    Then soon ben sees that "a.txt" is held by nobody
    And ben's `ls` says "a.txt"
    And soon ben's `peers --json` says "suspect"

  @T10
  Scenario: One holder corrupts what it sends
    Given anna writes 8 MiB to "film"
    And ben writes 8 MiB to "film"
    And a tracker
    And peer anna
    And peer ben with `--inject corrupt=1`
    And peer clara
    And soon clara sees that "film" is held by anna and ben
    When anna hangs
    And clara begins `get film --wait 60s`
    And soon clara's `status` has:
      | /corrupt_pieces | >0 |
    And anna goes on
    Then clara's command ends with status 0
    And clara's "film" is the same as anna's
    And clara's `status` has:
      | /corrupt_pieces     | >0  |
      | /distrusted/0/peer  | ben |

  @T10
  Scenario: Every holder corrupts what it sends
    Given anna writes 2 MiB to "film"
    And anna writes "small" to "note"
    And a tracker
    And peer anna with `--inject corrupt=1`
    And peer ben
    And soon ben sees that "film" is held by anna
    When ben runs `get film`
    Then it ends with status 7
    And it says "film"
    And ben has no "film"
    When ben runs `get note`
    Then it ends with status 7
    And ben has no "note"
    And ben's folder holds 0 files

  @T10
  Scenario: The receiver's disk is full
    Given anna writes 24 MiB to "film"
    And anna writes "fits" to "note"
    And a tracker
    And peer anna
    And ben has a disk of 8 MiB
    And peer ben
    And soon ben sees that "film" is held by anna
    When ben runs `get film`
    Then it ends with status 1
    And it says "film"
    And it says "the disk is full"
    And ben has no "film"
    When ben runs `get note`
    Then it ends with status 0
    And soon anna sees that "note" is held by anna and ben

  @T12 @T14
  Scenario: A folder is fetched although one of its holders is dead
    Given anna writes 60 small files to "tree"
    And a tracker
    And peers anna, ben and clara
    And soon ben's `get -r tree` ends with status 0
    And soon clara sees that "tree/59" is held by anna and ben
    When anna hangs
    And clara begins `get -r tree --wait 60s`
    Then clara's command ends with status 0
    And clara's folder holds 60 files
    And clara's "tree/7" says "file 7 of anna"

  @T13
  Scenario: A folder none of whose holders is up
    Given anna writes 3 small files to "tree"
    And a tracker
    And peers anna and ben
    And soon ben sees that "tree/2" is held by anna
    When anna is stopped
    And ben runs `get -r tree`
    Then it ends with status 4
    And it says "tree/"
    And ben's folder holds 0 files
