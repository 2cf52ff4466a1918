# Sourced by ./potluck and ./verify: finds a JDK 25 or newer.
# find_jdk sets JAVA_HOME (exported) and jdk_build, or prints one line and returns 1.
# It starts no JVM: every JDK says in its file `release` what it is.

# jdk_major HOME: sets major (0: no JDK) and build of the JDK in HOME.
jdk_major() {
  major=0
  build=
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    value=${value#\"}
    value=${value%\"*}
    case $line in
      JAVA_VERSION=*) major=${value%%[!0-9]*} ;;
      JAVA_RUNTIME_VERSION=*) build=$value ;;
    esac
  done < "$1/release"
  [ -n "$major" ] || major=0
  [ -n "$build" ] || build=$major
}

find_jdk() {
  jdk_home=
  jdk_build=
  # What the user chose comes first.
  if [ -n "${JAVA_HOME:-}" ]; then
    jdk_major "$JAVA_HOME"
    [ "$major" -ge 25 ] && jdk_home=$JAVA_HOME && jdk_build=$build
  fi
  if [ -z "$jdk_home" ]; then
    path_java=$(command -v java 2>/dev/null) && path_java=$(readlink -f "$path_java" 2>/dev/null) || path_java=
    if [ -n "$path_java" ]; then
      jdk_major "${path_java%/bin/java}"
      [ "$major" -ge 25 ] && jdk_home=${path_java%/bin/java} && jdk_build=$build
    fi
  fi
  # Else the newest where distributions and version managers put them.
  if [ -z "$jdk_home" ]; then
    best=24
    for candidate in ${POTLUCK_JDK_FOLDERS:-/usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/openjdk-* /usr/local/java/* \
      /opt/* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
      "$HOME"/.local/share/mise/installs/java/* /snap/openjdk/current/jdk}; do
      jdk_major "$candidate"
      if [ "$major" -gt "$best" ]; then
        best=$major
        jdk_home=$candidate
        jdk_build=$build
      fi
    done
  fi
  if [ -z "$jdk_home" ]; then
    echo "potluck: no JDK 25 or newer found. Install one (Debian 13 and newer: apt install openjdk-25-jdk-headless; elsewhere: Temurin 25 from adoptium.net, package temurin-25-jdk) or set JAVA_HOME to one." >&2
    return 1
  fi
  JAVA_HOME=$jdk_home
  export JAVA_HOME
}
