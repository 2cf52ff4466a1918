Feature: One writer at a time
  Who has the lock of a name alone makes versions of it; the others wait, and are told who has it.
  A writer that falls silent loses the lock, and cannot write under it any more.

  @D5
  Scenario: A lock keeps others out, and passes on to who waits
    Given a tracker
    And peers anna and ben
    And soon anna's `lock plan.txt` ends with status 0
    When anna runs `lock plan.txt --json`
    Then its answer has:
      | /name   | plan.txt |
      | /holder | anna     |
      | /token  | 1        |
    When ben runs `lock plan.txt`
    Then it ends with status 5
    And it says "plan.txt is locked by anna"
    When ben runs `lock plan.txt --wait 500ms`
    Then it ends with status 5
    And it says "plan.txt is locked by anna; waiting for it"
    When ben begins `lock plan.txt --wait 60s`
    And anna runs `unlock plan.txt`
    Then ben's command ends with status 0
    And it says "plan.txt is locked by ben"
    When anna runs `lock plan.txt`
    Then it says "plan.txt is locked by ben"

  @D5
  Scenario: What others have locked is not written, deleted or renamed
    Given anna writes "one" to "docs/plan.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get docs/plan.txt` ends with status 0
    And soon anna's `lock docs/plan.txt` ends with status 0
    When ben runs `rm docs/plan.txt`
    Then it ends with status 5
    And it says "docs/plan.txt is locked by anna"
    When ben runs `mv docs letters`
    Then it ends with status 5
    And it says "docs/plan.txt is locked by anna"
    When ben writes "one, of ben" to "docs/plan.txt"
    Then soon one of ben's files matches "docs/plan.txt.conflict-ben-.*" and says "one, of ben"
    And soon ben's "docs/plan.txt" says "one"
    When anna writes "one, two" to "docs/plan.txt"
    Then soon ben's "docs/plan.txt" says "one, two"
    When anna runs `mv docs letters`
    Then it ends with status 0

  @D5
  Scenario: Unlocking what one does not have
    Given anna writes "one" to "plan.txt"
    And a tracker
    And peers anna and ben
    And soon ben sees that "plan.txt" is held by anna
    And anna runs `lock new.txt`
    When ben runs `unlock new.txt`
    Then it ends with status 5
    And it says "new.txt is locked by anna"
    When ben runs `unlock plan.txt`
    Then it ends with status 5
    And it says "plan.txt is not locked"
    When ben runs `unlock nothing.txt`
    Then it ends with status 3
    When ben runs `lock`
    Then it ends with status 2

  @D5
  Scenario: The lock of a machine that is killed ends with its lease
    Given a tracker
    And peers anna and ben
    And soon anna's `lock plan.txt` ends with status 0
    When anna is killed
    And ben runs `lock plan.txt`
    Then it ends with status 5
    And it says "plan.txt is locked by anna"
    When ben runs `lock plan.txt --wait 60s`
    Then it ends with status 0
    And it says "plan.txt is locked by ben"

  @D5
  Scenario: Locks are given back when a peer ends, and when it comes back after a crash
    Given a tracker
    And peers anna and ben
    And soon anna's `lock a.txt` ends with status 0
    When anna is stopped
    And ben runs `lock a.txt`
    Then it ends with status 0
    When ben is killed
    And ben returns
    Then soon ben's `unlock a.txt` says "no lock on it"

  @D5
  Scenario: Locks stay with their holders while the tracker is away
    Given a tracker
    And peers anna and ben
    And soon anna's `lock plan.txt` ends with status 0
    When the tracker is killed
    And anna runs `lock other.txt`
    Then it ends with status 4
    When the tracker returns
    Then soon ben's `lock plan.txt` says "plan.txt is locked by anna"
    When ben begins `lock plan.txt --wait 60s`
    And anna runs `unlock plan.txt`
    Then it ends with status 0
    And ben's command ends with status 0

  @D5
  Scenario: A tracker that hung for longer than a lease takes nobody's lock
    Given a tracker
    And peers anna and ben
    And soon anna's `lock plan.txt` ends with status 0
    When the tracker hangs
    And ben runs `lock plan.txt`
    Then it ends with status 4
    When the tracker goes on
    Then soon ben's `lock plan.txt` says "plan.txt is locked by anna"
    When anna runs `unlock plan.txt`
    Then it ends with status 0

  @D5
  Scenario: A writer that hung for longer than its lease cannot write any more
    Given ben writes "one" to "plan.txt"
    And desk writes "late" to "plan.txt"
    And a tracker
    And peers anna and ben
    And soon anna sees that "plan.txt" is held by ben
    And soon ben's `lock plan.txt` ends with status 0
    When ben hangs
    And anna runs `lock plan.txt --wait 60s`
    Then it ends with status 0
    When ben goes on
    Then soon ben's `put desk/plan.txt --replace` ends with status 5
    And it says "anna"
    And soon ben's `unlock plan.txt` ends with status 5
    When anna runs `unlock plan.txt`
    And ben runs `find plan.txt --json`
    Then its answer has:
      | /version | 1 |
    When ben runs `put desk/plan.txt --replace`
    Then it ends with status 0

  @D5
  Scenario: Who has the lock puts, the others do not
    Given desk writes "one" to "plan.txt"
    And a tracker
    And peers anna and ben
    And soon anna's `lock plan.txt` ends with status 0
    When ben runs `put desk/plan.txt`
    Then it ends with status 5
    And it says "plan.txt is locked by anna"
    And ben has no "plan.txt"
    When anna runs `put desk/plan.txt`
    Then it ends with status 0
    And anna's "plan.txt" says "one"
    And soon ben sees that "plan.txt" is held by anna
