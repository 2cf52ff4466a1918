Feature: What a name was, and several names at once
  An edit is one transaction. What was replaced is remembered, and had as long as somebody keeps it.

  @D7
  Scenario: All files of a put become versions, or none
    Given anna writes "old" to "b.txt"
    And desk writes "new a" to "a.txt"
    And desk writes "new b" to "b.txt"
    And desk writes "new c" to "c.txt"
    And a tracker
    And peers anna and ben
    And soon ben sees that "b.txt" is held by anna
    When ben runs `put --atomic desk/a.txt desk/b.txt desk/c.txt`
    Then it ends with status 5
    And it says "b.txt exists with other content"
    When anna runs `lock b.txt`
    And ben runs `put --atomic --replace desk/a.txt desk/b.txt desk/c.txt`
    Then it ends with status 5
    And it says "b.txt is locked by anna"
    And ben's folder holds 0 files
    And anna's `find a.txt` ends with status 3
    And anna's `find c.txt` ends with status 3
    When anna runs `unlock b.txt`
    And ben runs `put --atomic --replace desk/a.txt desk/b.txt desk/c.txt`
    Then it ends with status 0
    And it says "put b.txt (version 2"
    And soon anna's "b.txt" says "new b"
    And ben's "a.txt" says "new a"
    And soon anna sees that "c.txt" is held by ben
    And soon anna sees that "b.txt" is held by anna and ben
    When ben runs `put --atomic desk/a.txt desk/c.txt`
    Then it ends with status 0
    And it says "put a.txt (version 1"

  @D7
  Scenario: The versions of a name, and an old one fetched from a trash
    Given anna writes "one" to "plan.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get plan.txt` ends with status 0
    When anna writes "one, two" to "plan.txt"
    Then soon ben's "plan.txt" says "one, two"
    And soon ben's `history plan.txt` has:
      | /name               | plan.txt |
      | /versions/0/version | 1        |
      | /versions/0/size    | 3        |
      | /versions/1/version | 2        |
      | /versions/1/size    | 8        |
    When anna runs `get plan.txt --version 1 -o desk/first.txt`
    Then it ends with status 0
    And desk's "first.txt" says "one"
    When ben runs `get plan.txt --version 1`
    Then it ends with status 0
    And ben's "plan.txt.version-1" says "one"
    And ben's "plan.txt" says "one, two"
    When ben runs `get plan.txt --version 7`
    Then it ends with status 3
    And it says "potluck history"
    When ben runs `rm plan.txt`
    Then soon anna's `history plan.txt` has:
      | /versions/2/version | 3    |
      | /versions/2/deleted | true |
    And anna's `history nothing.txt` ends with status 3

  Scenario: A machine keeps the last versions of its files, however old
    Given anna writes "one" to "plan.txt"
    And desk writes "three" to "three.txt"
    And desk writes "five!" to "five.txt"
    And a tracker
    And peer anna with `--trash 0s`
    And peer ben with `--trash 0s --keep-versions 3`
    And soon ben's `get plan.txt` ends with status 0
    When anna writes "two, two" to "plan.txt"
    Then soon ben's "plan.txt" says "two, two"
    When ben runs `put desk/three.txt --as plan.txt --replace`
    Then it ends with status 0
    And soon anna's "plan.txt" says "three"
    When anna writes "four" to "plan.txt"
    Then soon ben's "plan.txt" says "four"
    When ben runs `put desk/five.txt --as plan.txt --replace`
    Then it ends with status 0
    And soon anna's "plan.txt" says "five!"
    And soon anna's `history plan.txt` has:
      | /versions/0/version | 1 |
      | /versions/4/version | 5 |
    And soon anna's `get plan.txt --version 1 -o desk/v1` ends with status 4
    When anna runs `get plan.txt --version 1 -o desk/v1`
    Then it says "nobody who is up has version 1 of plan.txt"
    And it says "versions that can be had: 2, 3, 4, 5"
    When ben is killed
    And ben returns
    Then soon anna's `get plan.txt --version 2 -o desk/v2` ends with status 0
    And desk's "v2" says "two, two"
    When anna runs `get plan.txt --version 3 -o desk/v3`
    Then desk's "v3" says "three"
    When ben runs `get plan.txt --version 4 -o desk/v4`
    Then desk's "v4" says "four"
    When ben is killed
    And anna runs `get plan.txt --version 4 -o desk/late`
    Then it ends with status 4
    And it says "versions that can be had: 5"
