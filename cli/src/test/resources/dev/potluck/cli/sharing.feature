Feature: Everyone brings a folder, everyone sees one file system
  Peers announce what is in their folders; any of them finds it and fetches it, verified.

  @T1 @T3 @T4 @T5
  Scenario: A file is announced, found, listed and fetched
    Given anna writes "hello" to "notes/hello.txt"
    And a tracker
    And peers anna and ben
    When soon ben's `ls` says "notes/hello.txt"
    Then soon ben sees that "notes/hello.txt" is held by anna
    When ben runs `get notes/hello.txt`
    Then it ends with status 0
    And it says "got notes/hello.txt, 5 B"
    And ben's "notes/hello.txt" says "hello"
    And soon anna sees that "notes/hello.txt" is held by anna and ben

  @T3
  Scenario: What nobody has is a clear answer
    Given a tracker
    And peer anna
    When soon anna's `find nothing.txt` ends with status 3
    Then it says "nothing.txt"
    When anna runs `get nothing.txt`
    Then it ends with status 3
