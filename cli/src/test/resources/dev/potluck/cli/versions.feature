Feature: Nothing reverts, nothing is resurrected, nothing is lost
  Peers that were away catch up; who changed the same file apart keeps both.

  @T12
  Scenario: A holder that was away updates itself
    Given anna writes "one" to "plan.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get plan.txt` ends with status 0
    And soon anna sees that "plan.txt" is held by anna and ben
    When ben is stopped
    And anna writes "one, two" to "plan.txt"
    And soon anna's `find plan.txt` has:
      | /version | 2 |
    And anna writes "one, two, three" to "plan.txt"
    And soon anna's `find plan.txt` has:
      | /version | 3 |
    And ben returns
    Then soon ben's "plan.txt" says "one, two, three"
    And soon anna sees that "plan.txt" is held by anna and ben
    And ben's folder holds 1 file
    And anna's folder holds 1 file

  @T11 @T12
  Scenario: The same with a tracker that forgot, and the old copy announced first
    Given anna writes "one" to "plan.txt"
    And a forgetful tracker
    And peers anna and ben
    And soon ben's `get plan.txt` ends with status 0
    And soon anna sees that "plan.txt" is held by anna and ben
    When ben is stopped
    And anna writes "one, two" to "plan.txt"
    And soon anna's `find plan.txt` has:
      | /version | 2 |
    And anna writes "one, two, three" to "plan.txt"
    And soon anna's `find plan.txt` has:
      | /version | 3 |
    And anna is stopped
    And the tracker is killed
    And the tracker returns
    And ben returns
    And soon the tracker's `find plan.txt` ends with status 0
    And anna returns
    Then soon ben's "plan.txt" says "one, two, three"
    And anna's "plan.txt" says "one, two, three"
    And soon anna sees that "plan.txt" is held by anna and ben
    And soon ben's `find plan.txt` has:
      | /version | 3 |
    And ben's folder holds 1 file
    And anna's folder holds 1 file

  @T11
  Scenario: What was removed while a holder was away stays removed
    Given anna writes "bye" to "old.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get old.txt` ends with status 0
    And soon anna sees that "old.txt" is held by anna and ben
    When ben is stopped
    And anna runs `rm old.txt`
    Then it ends with status 0
    When ben returns
    Then soon ben has no "old.txt"
    And soon anna's `find old.txt` ends with status 3
    When ben runs `restore old.txt`
    Then it ends with status 0
    And ben's "old.txt" says "bye"
    And soon anna sees that "old.txt" is held by ben

  @T11
  Scenario: A tracker that forgot does not resurrect what was removed
    Given anna writes "bye" to "old.txt"
    And a forgetful tracker
    And peers anna and ben
    And soon ben's `get old.txt` ends with status 0
    And soon anna sees that "old.txt" is held by anna and ben
    When ben is stopped
    And anna runs `rm old.txt`
    And the tracker is killed
    And the tracker returns
    And ben returns
    Then soon ben has no "old.txt"
    And soon ben's `find old.txt` ends with status 3
    And soon anna's `find old.txt` ends with status 3

  @T11
  Scenario: Two machines change the same file apart
    Given anna writes "base" to "both.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get both.txt` ends with status 0
    And soon anna sees that "both.txt" is held by anna and ben
    When ben is stopped
    And ben writes "by ben" to "both.txt"
    And anna writes "by anna" to "both.txt"
    And soon anna's `find both.txt` has:
      | /version | 2 |
    And ben returns
    Then soon ben's "both.txt" says "by anna"
    And soon one of ben's files matches "both\.txt\.conflict-ben-.*|both\.conflict-ben-.*" and says "by ben"
    And soon anna's `ls` says "conflict-ben"

  @T1
  Scenario: Two folders with clashing names
    Given anna writes "of anna" to "README.md"
    And ben writes "of ben" to "README.md"
    And a tracker
    And peer anna
    And soon anna sees that "README.md" is held by anna
    And peer ben
    Then soon one of ben's files matches "README.*conflict-ben-.*" and says "of ben"
    And anna's "README.md" says "of anna"
    And soon anna's `ls` says "conflict-ben"

  @T1
  Scenario: Two folders with clashing names, one with a prefix
    Given anna writes "of anna" to "README.md"
    And ben writes "of ben" to "README.md"
    And a tracker
    And peer anna
    And soon anna sees that "README.md" is held by anna
    And peer ben with `--prefix bens`
    Then soon anna sees that "bens/README.md" is held by ben
    And soon anna sees that "README.md" is held by anna
    And ben's "README.md" says "of ben"
    When ben runs `get README.md`
    Then it ends with status 0
    And ben's "README.md" says "of ben"
    And ben's folder holds 2 files
    When anna runs `get bens/README.md`
    Then anna's "bens/README.md" says "of ben"

  @T1
  Scenario: Two folders that clash in many names are not mixed by accident
    Given anna writes 21 small files to "same"
    And ben writes 21 small files to "same"
    And a tracker
    And peer anna
    And soon anna sees that "same/20" is held by anna
    When ben runs up with `--open --join <tracker>`
    Then ben ends by itself with status 5
    And ben's log says "--prefix"
    And ben's log says "--accept-conflicts"
    And ben's log says "same/7"
    And ben's folder holds 21 files

  @T5
  Scenario: What is fetched was edited here a moment ago
    Given anna writes "of anna" to "a.txt"
    And a tracker
    And peer anna
    And peer ben with `--settle 60s`
    And soon ben's `get a.txt` ends with status 0
    When anna writes "of anna, again" to "a.txt"
    And soon ben's `find a.txt` has:
      | /version | 2 |
    And soon ben's "a.txt" says "of anna, again"
    And ben writes "not announced" to "a.txt"
    And anna writes "of anna, once more" to "a.txt"
    And soon ben's `find a.txt` has:
      | /version | 3 |
    And ben runs `get a.txt`
    Then one of ben's files says "not announced"

  @T1
  Scenario: A file where another has a folder
    Given anna writes "in a folder" to "x/y"
    And ben writes "a file" to "x"
    And a tracker
    And peer anna
    And soon anna sees that "x/y" is held by anna
    And peer ben
    Then soon one of ben's files matches "x\.?conflict-ben-.*" and says "a file"
    And soon ben's `get x/y` ends with status 0
    And ben's "x/y" says "in a folder"
