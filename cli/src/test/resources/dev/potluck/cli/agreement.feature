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

  @H7
  Scenario: Who leaves gives others the files that nobody else has
    Given anna writes 3 MiB to "film"
    And anna writes 40 small files to "tree"
    And anna founds a party of her own
    And ben and clara join anna, all at once
    And soon clara's `get -r tree -o desk/all` ends with status 0
    And soon ben's `status` has:
      | /directory/members | 3 |
    When anna runs `leave`
    Then it ends with status 0
    And it says "giving 41 files that only this machine has"
    And anna has ended within 5 seconds, with status 0
    And soon clara's `get film` ends with status 0
    And soon clara's "film" is the same as anna's
    And soon ben's `get -r tree` ends with status 0
    When ben runs `leave`
    Then it ends with status 0
    When clara runs `leave --abandon`
    Then it ends with status 4

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
    And clara runs `lock plan.txt --wait 60s`
    Then it ends with status 0
    When ben writes "b" to "b.txt"
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

  @H1
  Scenario: Of two machines the first goes away: the second begins anew, and the first joins it
    Given anna writes "a" to "a.txt"
    And anna writes "mine" to "mine.txt"
    And anna founds a party of her own
    And ben join anna, all at once
    And soon ben's `get a.txt` ends with status 0
    And soon ben's `status` has:
      | /directory/admits | true |
    When ben runs `recover --yes`
    Then it ends with status 1
    And it says "there is nothing to recover"
    When anna is killed
    And desk writes "late" to "late.txt"
    Then soon ben's `put desk/late.txt` ends with status 4
    And it says "potluck recover"
    And ben's `cat a.txt` ends with status 0
    When ben runs `recover`
    Then it ends with status 2
    And it says "as epoch 2"
    When ben runs `recover --yes`
    Then it ends with status 0
    And soon ben's `status` has:
      | /directory/role  | leader    |
      | /directory/state | connected |
      | /directory/epoch | 2         |
    And soon ben's `put desk/late.txt --as b.txt` ends with status 0
    And soon ben's `ls` says "mine.txt"
    When ben invites with `invite`, giving <ticket>
    And clara runs up with `--join <ticket>`
    Then clara is ready
    When anna writes "changed while away" to "a.txt"
    And ben writes "changed here" to "a.txt"
    And soon ben's `history a.txt` has:
      | /versions/1/version | 2 |
    And ben writes "and once more" to "a.txt"
    And soon ben's `history a.txt` has:
      | /versions/2/version | 3 |
    And anna returns
    Then soon anna's `status` has:
      | /directory/epoch | 2 |
    And soon clara's `get mine.txt` ends with status 0
    And soon anna's `get b.txt` ends with status 0
    And soon one of anna's files matches "a.txt.conflict-anna-.*" and says "changed while away"
    And soon anna's "a.txt" says "and once more"
    And soon ben's `status` has:
      | /directory/members | 3 |

  @H1
  Scenario: Most of those who kept the directory are gone: one that is left begins anew
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And ben and clara join anna, all at once
    And soon ben's `status` has:
      | /directory/members | 3 |
    And soon clara's `get a.txt` ends with status 0
    When anna and ben are killed
    Then soon clara's `recover --yes` ends with status 0
    And clara writes "c" to "c.txt"
    And soon clara's `status` has:
      | /directory/role  | leader |
      | /directory/epoch | 2      |
    When anna and ben return
    Then soon anna's `get c.txt` ends with status 0
    And soon ben's `status` has:
      | /directory/epoch   | 2 |
      | /directory/members | 3 |
    And soon clara's `put <folder>/clara/a.txt --as d.txt` ends with status 0

  @H1
  Scenario: A tracker whose party was begun anew without it ends when it returns
    Given anna writes "a" to "a.txt"
    And a tracker
    And peers anna and ben
    And soon ben's `get a.txt` ends with status 0
    When the tracker is killed
    Then soon ben's `recover --yes` ends with status 0
    And soon anna's `status` has:
      | /directory/state | connected |
      | /directory/epoch | 2         |
    And soon anna's `mv a.txt b.txt` ends with status 0
    When the tracker returns
    Then the tracker ends by itself with status 1
    And the tracker's log says "begun anew on another machine"
    And soon ben's `mv b.txt c.txt` ends with status 0

  @H1
  Scenario: A tracker joins two peers, and any of the three may die
    Given anna writes "a" to "a.txt"
    And anna founds a party of her own
    And ben join anna, all at once
    And anna invites with `invite`, giving <ticket>
    When a tracker of the party runs with `-v --join <ticket>`
    Then soon tracker's `status` has:
      | /directory/members | 3 |
    And soon ben's `get a.txt` ends with status 0
    When anna is killed
    Then soon ben's `mv a.txt b.txt` ends with status 0
    When the tracker is killed
    And anna returns
    Then soon ben's `mv b.txt c.txt` ends with status 0
    When a tracker of the party runs with `-v`
    Then soon tracker's `ls` says "c.txt"
    And soon tracker's `status` has:
      | /directory/role | seat |
