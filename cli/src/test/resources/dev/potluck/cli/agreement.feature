Feature: No server: the machines of a party keep its directory together

  @H1 @H3
  Scenario: Two of five machines die, and the others go on
    Given anna writes "a" to "a.txt"
    And dora writes "d" to "d.txt"
    And anna founds a party of her own
    And ben, clara, dora and emil join anna, all at once
    Then soon emil's `status` has:
      | /directory/members | 5 |
    And soon dora's `get a.txt` ends with status 0
    When anna and ben are killed
    And clara writes "c" to "c.txt"
    Then soon emil's `get c.txt` ends with status 0
    And soon dora's `mv d.txt e.txt` ends with status 0
    And soon emil's `get a.txt` ends with status 0
    And soon clara's `peers` says "dead"
    When anna and ben return
    Then soon clara's `peers` does not say "dead"
    And soon anna sees that "e.txt" is held by dora
    And soon clara sees that "a.txt" is held by anna, dora and emil

  @H1 @H9
  Scenario: All machines die at once and return in another order, at other addresses
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And ben, clara, dora and emil join anna, all at once
    And soon emil's `status` has:
      | /directory/members | 5 |
    And ben writes "b" to "b.txt"
    And soon clara sees that "b.txt" is held by ben
    When anna, ben, clara, dora and emil are killed
    And dora returns at <dora>
    And ben returns with `--join <dora> --refresh 500ms --lease 3s`
    And emil returns with `--join <dora> --refresh 500ms --lease 3s`
    Then soon emil sees that "b.txt" is held by ben
    And soon dora's `ls` says "a.txt"
    When anna returns with `--join <dora> --refresh 500ms --lease 3s`
    And clara returns with `--join <dora> --refresh 500ms --lease 3s`
    Then soon clara's `get a.txt` ends with status 0
    And soon clara's `get b.txt` ends with status 0

  @H1 @H7
  Scenario: Who keeps the directory leaves, and it stays with the others
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And ben and clara join anna, all at once
    And soon ben's `status` has:
      | /directory/members | 3 |
    And ben's `get a.txt` ends with status 0
    When anna runs `leave`
    Then it ends with status 0
    And anna has ended within 5 seconds, with status 0
    And soon ben's `status` has:
      | /directory/members | 1 |
    And soon clara's `get a.txt` ends with status 0
    And soon clara's `peers` says "left"

  @H1
  Scenario: Of two machines the second takes over when the first leaves
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And ben join anna, all at once
    And soon ben's `get a.txt` ends with status 0
    When anna runs `leave`
    Then it ends with status 0
    And soon ben's `status` has:
      | /directory/role | leader |
    When ben invites with `invite`, giving <ticket>
    And clara runs up with `--join <ticket>`
    Then clara is ready
    And soon clara's `get a.txt` ends with status 0

  @H1
  Scenario: Alone with the directory, a machine does not leave what nobody would keep
    Given anna founds a party of her own
    When anna runs `leave`
    Then it ends with status 4
    And it says "start another peer first"

  @H1
  Scenario: A leader that hangs is replaced, and follows when it goes on
    Given anna founds a party of her own
    And ben and clara join anna, all at once
    And soon ben's `status` has:
      | /directory/members | 3 |
    And soon anna's `status` has:
      | /directory/role | leader |
    When anna hangs
    And ben writes "b" to "b.txt"
    Then soon clara's `get b.txt` ends with status 0
    When anna goes on
    Then soon anna's `get b.txt` ends with status 0
    And soon anna's `status` has:
      | /directory/role | seat |

  @H2
  Scenario: Every member can work out who has to know where a file is
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And ben and clara join anna, all at once
    And soon ben's `status` has:
      | /directory/members | 3 |
    Then soon ben's `find --responsible a.txt` has:
      | /responsible | 3 |
      | /by_hash     | 3 |
    And clara's `find --responsible a.txt` gives the same as ben's
