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
