Feature: Files that are not like others
  Each is right at the other end, or reported and left out; never wrong, never a hang.

  @T5
  Scenario: A path as long as a name may be
    Given anna writes "deep down" to "<deep>"
    And a tracker
    And peers anna and ben
    When soon ben sees that "<deep>" is held by anna
    And ben runs `get <deep>`
    Then it ends with status 0
    And ben's "<deep>" says "deep down"
    And soon anna sees that "<deep>" is held by anna and ben
    When anna writes "deeper" to "<deep>"
    Then soon ben's "<deep>" says "deeper"

  @T5
  Scenario: A sparse file, and an empty one
    Given anna makes a sparse file "disk.img" of 64 MiB that ends with "the end"
    And anna makes a sparse file "hole" of 3 MiB that ends with ""
    And anna writes "" to "empty"
    And a tracker
    And peers anna and ben
    And soon ben sees that "disk.img" is held by anna
    And soon ben sees that "hole" is held by anna
    And soon ben sees that "empty" is held by anna
    When ben runs `get disk.img hole empty`
    Then it ends with status 0
    And ben's "disk.img" is the same as anna's
    And ben's "hole" is the same as anna's
    And ben's "empty" says ""

  @T7
  Scenario: A file that grows while it is hashed
    Given anna writes 64 MiB to "log"
    And a tracker
    And peer anna with `--settle 1ms`
    And peer ben
    When anna keeps adding to "grows" until told to stop
    And anna writes "by the way" to "other"
    Then soon ben sees that "other" is held by anna
    When anna stops adding
    Then soon ben's `get grows` ends with status 0
    And soon ben's "grows" is the same as anna's
    And soon ben sees that "log" is held by anna

  @T7 @T5
  Scenario: A file that is replaced while it is served
    Given anna writes 96 MiB to "film"
    And a tracker
    And peers anna and ben
    And soon ben sees that "film" is held by anna
    When ben begins `get film --wait 60s`
    And part of "film" is at ben
    And anna replaces "film" by 24 MiB of something else
    Then ben's command ends with status 0
    And soon ben's "film" is the same as anna's
    And soon anna sees that "film" is held by anna and ben

  @T7 @T5
  Scenario: A file that is overwritten in place while it is served
    Given anna writes 96 MiB to "film"
    And a tracker
    And peers anna and ben
    And soon ben sees that "film" is held by anna
    When ben begins `get film -o desk/film --wait 60s`
    And part of "film" is at ben
    And anna overwrites "film" in place with 24 MiB
    Then ben's command ends with status 0
    And desk's "film" is the same as anna's

  @T7
  Scenario: What its user may not read
    Given anna writes "private" to "secret.txt"
    And anna writes "hidden" to "closed/inside.txt"
    And anna writes "for all" to "public.txt"
    And nobody may read anna's "secret.txt"
    And nobody may read anna's "closed"
    And anna is an ordinary user
    And a tracker
    And peers anna and ben
    When soon ben's `get public.txt` ends with status 0
    And anna runs `update`
    Then it ends with status 0
    And anna's `status` says "secret.txt"
    And anna's `status` says "closed"
    And ben's `ls` does not say "secret.txt"
    And ben's `ls` does not say "inside.txt"
    When anna's "secret.txt" may be read
    Then soon ben's `get secret.txt` ends with status 0
    And ben's "secret.txt" says "private"

  @T7
  Scenario: Links and pipes on the way out of the share
    Given anna writes "outside" to "../beside/file.txt"
    And anna makes a symbolic link "out" to "../beside"
    And anna makes a symbolic link "round" to "."
    And anna makes a FIFO "folder/pipe"
    And anna writes "inside" to "folder/file.txt"
    And a tracker
    And peers anna and ben
    When soon ben's `get folder/file.txt` ends with status 0
    And soon ben's `get out round` ends with status 0
    Then in ben's folder `readlink out round` prints "../beside\n."
    And ben's `ls` does not say "out/file.txt"
    And ben's `ls` does not say "pipe"
    And anna's `status` says "folder/pipe"
    When ben runs `get out/file.txt`
    Then it ends with status 3

  @T7
  Scenario: A link in the way of a file is never written through
    Given a tracker
    And peers anna and ben
    When anna writes "must stay inside" to "trap/file.txt"
    And soon ben sees that "trap/file.txt" is held by anna
    And ben makes a symbolic link "trap" to "../elsewhere"
    And ben runs `update`
    Then soon ben's `get trap/file.txt` ends with status 0
    And ben's "trap/file.txt" says "must stay inside"
    And in ben's folder `readlink trap.conflict-ben-*` prints "../elsewhere"
    And ben has no "../elsewhere"
    When anna makes a symbolic link "way" to "../elsewhere"
    And soon ben sees that "way" is held by anna
    And ben writes "below a link" to "way/file.txt"
    And ben runs `update`
    Then soon anna's `ls` says "way.conflict-ben"
    And anna's `ls` does not say "way/file.txt"
    When ben runs `get way -o desk/way`
    Then it ends with status 0
    And in ben's folder `readlink ../desk/way` prints "../elsewhere"
    And ben has no "../elsewhere"
