Feature: One party, and who is in it
  Tickets let one machine in; who is expelled is out. Daemons begin and end cleanly.

  @D8 @D2
  Scenario: A ticket lets one machine in, and only in its own party
    Given a closed tracker
    And the tracker invites with `invite`, giving <first>
    When anna runs up with `--join <first>`
    Then anna is ready
    When ben runs up with `--join <first>`
    Then ben ends by itself with status 6
    And ben's log says "used"
    When clara runs up with `--join <tracker> --wait 5s`
    Then clara ends by itself with status 6
    And clara's log says "ticket"
    When the tracker invites with `invite --valid 1ms`, giving <expired>
    And dora runs up with `--join <expired>`
    Then dora ends by itself with status 6
    And dora's log says "expired"
    When emil runs up with `--join <tracker> --open --wait 5s`
    Then emil ends by itself with status 6

  @D8
  Scenario: A ticket of another party is refused
    Given eve founds a party of her own
    And eve invites with `invite`, giving <other>
    And eve is stopped
    And a closed tracker has the address that eve had
    When anna runs up with `--join <other> --wait 5s`
    Then anna ends by itself with status 6

  @D8 @T11
  Scenario: The tracker returns with nothing, and needs no new tickets
    Given anna writes "a" to "a.txt"
    And a forgetful closed tracker
    And peers anna and ben
    And soon ben sees that "a.txt" is held by anna
    When the tracker is killed
    And the tracker returns
    Then soon ben sees that "a.txt" is held by anna
    And soon anna's `peers` says "ben"

  @D8
  Scenario: Who is expelled is out
    Given anna writes "a" to "a.txt"
    And a closed tracker
    And peers anna and ben
    And soon ben sees that "a.txt" is held by anna
    When anna runs `expel ben`
    Then it ends with status 0
    And ben ends by itself with status 6
    When ben runs up with ``
    Then ben ends by itself with status 6
    When anna runs `expel zoe`
    Then it ends with status 3

  @D8
  Scenario: Who leaves is gone for good, and keeps its files
    Given anna writes "a" to "a.txt"
    And a closed tracker
    And peers anna and ben
    And soon ben's `get a.txt` ends with status 0
    When ben runs `leave`
    Then it ends with status 0
    And ben has ended within 5 seconds, with status 0
    And ben's "a.txt" says "a"
    And soon anna's `peers` says "left"
    And soon anna sees that "a.txt" is held by anna

  @H1
  Scenario: The first machine keeps the directory, and anybody in is a way in
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And anna invites with `invite`, giving <ticket>
    When ben runs up with `--join <ticket>`
    Then ben is ready
    And soon ben's `get a.txt` ends with status 0
    When ben invites with `invite`, giving <second>
    And clara runs up with `--join <second>`
    Then clara is ready
    And soon clara sees that "a.txt" is held by anna and ben

  @T16
  Scenario: SIGTERM and Ctrl-C end daemons cleanly
    Given a tracker
    And peers anna and ben
    When anna is stopped
    And Ctrl-C is typed at ben
    Then ben has ended within 5 seconds, with status 0
    When Ctrl-C is typed at the tracker
    Then the tracker has ended within 5 seconds, with status 0

  @T1
  Scenario: A share is served once
    Given a tracker
    And peer anna
    When up is started once more on anna's share
    Then it ends with status 1
    And it says "anna"
    And anna's `status` ends with status 0

  @T16
  Scenario: The shell reads commands from a pipe
    Given anna writes "hello" to "hello.txt"
    And a tracker
    And peers anna and ben
    And soon ben sees that "hello.txt" is held by anna
    When ben types into `shell`:
      """
      updatelist
      find hello.txt
      download hello.txt
      getload anna
      exit
      """
    Then it ends with status 0
    And it says "anna"
    And ben's "hello.txt" says "hello"

  @T13
  Scenario: No peer runs here
    Given anna makes a folder ".potluck"
    When anna runs `ls`
    Then it ends with status 4
    And it says "potluck up --share"

  @T8 @T9
  Scenario: The classic selector takes the holder that costs least
    Given anna writes 2 MiB to "film"
    And ben writes 2 MiB to "film"
    And desk writes "clara anna 900\n# near\nclara ben 120\n" to "latency"
    And a tracker
    And peers anna and ben
    And peer clara with `--selector classic --latency <folder>/desk/latency`
    And soon clara sees that "film" is held by anna and ben
    When clara runs `get film --json`
    Then its answer has:
      | /files/0/from        | 1   |
      | /files/0/from/0/peer | ben |
    And clara's `find film` says "120"

  @T8
  Scenario: A latency file with a mistake
    Given desk writes "clara anna 900\nclara ben fast\n" to "latency"
    And no tracker yet
    When clara runs up with `--open --join <tracker> --latency <folder>/desk/latency`
    Then clara ends by itself with status 2
    And clara's log says "latency"
    And clara's log says "2"
