package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Sizes and offsets as a C compiler has them from `linux/fuse.h` of Linux 6.19 (protocol 7.45).
class LayoutTest {
  static Stream<Arguments> structures() {
    return Stream.of(
        Arguments.of(
            InHeader.LAYOUT,
            "fuse_in_header 40: len@0 opcode@4 unique@8 nodeid@16 uid@24 gid@28 pid@32 total_extlen@36 padding@38"),
        Arguments.of(OutHeader.LAYOUT, "fuse_out_header 16: len@0 error@4 unique@8"),
        Arguments.of(ForgetIn.LAYOUT, "fuse_forget_in 8: nlookup@0"),
        Arguments.of(ForgetOne.LAYOUT, "fuse_forget_one 16: nodeid@0 nlookup@8"),
        Arguments.of(BatchForgetIn.LAYOUT, "fuse_batch_forget_in 8: count@0 dummy@4"),
        Arguments.of(GetattrIn.LAYOUT, "fuse_getattr_in 16: getattr_flags@0 dummy@4 fh@8"),
        Arguments.of(MknodIn.LAYOUT, "fuse_mknod_in 16: mode@0 rdev@4 umask@8 padding@12"),
        Arguments.of(MkdirIn.LAYOUT, "fuse_mkdir_in 8: mode@0 umask@4"),
        Arguments.of(RenameIn.LAYOUT, "fuse_rename_in 8: newdir@0"),
        Arguments.of(Rename2In.LAYOUT, "fuse_rename2_in 16: newdir@0 flags@8 padding@12"),
        Arguments.of(LinkIn.LAYOUT, "fuse_link_in 8: oldnodeid@0"),
        Arguments.of(
            SetattrIn.LAYOUT,
            "fuse_setattr_in 88: valid@0 padding@4 fh@8 size@16 lock_owner@24 atime@32 mtime@40 ctime@48 atimensec@56 mtimensec@60 ctimensec@64 mode@68 unused4@72 uid@76 gid@80 unused5@84"),
        Arguments.of(OpenIn.LAYOUT, "fuse_open_in 8: flags@0 open_flags@4"),
        Arguments.of(CreateIn.LAYOUT, "fuse_create_in 16: flags@0 mode@4 umask@8 open_flags@12"),
        Arguments.of(OpenOut.LAYOUT, "fuse_open_out 16: fh@0 open_flags@8 backing_id@12"),
        Arguments.of(
            ReleaseIn.LAYOUT, "fuse_release_in 24: fh@0 flags@8 release_flags@12 lock_owner@16"),
        Arguments.of(FlushIn.LAYOUT, "fuse_flush_in 24: fh@0 unused@8 padding@12 lock_owner@16"),
        Arguments.of(
            ReadIn.LAYOUT,
            "fuse_read_in 40: fh@0 offset@8 size@16 read_flags@20 lock_owner@24 flags@32 padding@36"),
        Arguments.of(
            WriteIn.LAYOUT,
            "fuse_write_in 40: fh@0 offset@8 size@16 write_flags@20 lock_owner@24 flags@32 padding@36"),
        Arguments.of(WriteOut.LAYOUT, "fuse_write_out 8: size@0 padding@4"),
        Arguments.of(
            Kstatfs.LAYOUT,
            "fuse_kstatfs 80: blocks@0 bfree@8 bavail@16 files@24 ffree@32 bsize@40 namelen@44 frsize@48 padding@52 spare@56"),
        Arguments.of(FsyncIn.LAYOUT, "fuse_fsync_in 16: fh@0 fsync_flags@8 padding@12"),
        Arguments.of(
            SetxattrIn.LAYOUT, "fuse_setxattr_in 16: size@0 flags@4 setxattr_flags@8 padding@12"),
        Arguments.of(GetxattrIn.LAYOUT, "fuse_getxattr_in 8: size@0 padding@4"),
        Arguments.of(GetxattrOut.LAYOUT, "fuse_getxattr_out 8: size@0 padding@4"),
        Arguments.of(FileLockOut.LAYOUT, "fuse_file_lock 24: start@0 end@8 type@16 pid@20"),
        Arguments.of(
            LkIn.LAYOUT,
            "fuse_lk_in 48: fh@0 owner@8 start@16 end@24 type@32 pid@36 lk_flags@40 padding@44"),
        Arguments.of(AccessIn.LAYOUT, "fuse_access_in 8: mask@0 padding@4"),
        Arguments.of(
            InitIn.LAYOUT,
            "fuse_init_in 64: major@0 minor@4 max_readahead@8 flags@12 flags2@16 unused@20"),
        Arguments.of(
            InitOut.LAYOUT,
            "fuse_init_out 64: major@0 minor@4 max_readahead@8 flags@12 max_background@16 congestion_threshold@18 max_write@20 time_gran@24 max_pages@28 map_alignment@30 flags2@32 max_stack_depth@36 request_timeout@40 unused@42"),
        Arguments.of(InterruptIn.LAYOUT, "fuse_interrupt_in 8: unique@0"),
        Arguments.of(BmapIn.LAYOUT, "fuse_bmap_in 16: block@0 blocksize@8 padding@12"),
        Arguments.of(BmapOut.LAYOUT, "fuse_bmap_out 8: block@0"),
        Arguments.of(
            IoctlIn.LAYOUT, "fuse_ioctl_in 32: fh@0 flags@8 cmd@12 arg@16 in_size@24 out_size@28"),
        Arguments.of(IoctlOut.LAYOUT, "fuse_ioctl_out 16: result@0 flags@4 in_iovs@8 out_iovs@12"),
        Arguments.of(PollIn.LAYOUT, "fuse_poll_in 24: fh@0 kh@8 flags@16 events@20"),
        Arguments.of(PollOut.LAYOUT, "fuse_poll_out 8: revents@0 padding@4"),
        Arguments.of(
            FallocateIn.LAYOUT, "fuse_fallocate_in 32: fh@0 offset@8 length@16 mode@24 padding@28"),
        Arguments.of(LseekIn.LAYOUT, "fuse_lseek_in 24: fh@0 offset@8 whence@16 padding@20"),
        Arguments.of(LseekOut.LAYOUT, "fuse_lseek_out 8: offset@0"),
        Arguments.of(
            CopyFileRangeIn.LAYOUT,
            "fuse_copy_file_range_in 56: fh_in@0 off_in@8 nodeid_out@16 fh_out@24 off_out@32 len@40 flags@48"),
        Arguments.of(CopyFileRangeOut.LAYOUT, "fuse_copy_file_range_out 8: bytes_copied@0"),
        Arguments.of(SyncfsIn.LAYOUT, "fuse_syncfs_in 8: padding@0"),
        Arguments.of(
            StatxIn.LAYOUT,
            "fuse_statx_in 24: getattr_flags@0 reserved@4 fh@8 sx_flags@16 sx_mask@20"),
        Arguments.of(
            NotifyInvalInodeOut.LAYOUT, "fuse_notify_inval_inode_out 24: ino@0 off@8 len@16"),
        Arguments.of(
            NotifyInvalEntryOut.LAYOUT,
            "fuse_notify_inval_entry_out 16: parent@0 namelen@8 flags@12"),
        Arguments.of(
            NotifyDeleteOut.LAYOUT,
            "fuse_notify_delete_out 24: parent@0 child@8 namelen@16 padding@20"),
        Arguments.of(
            NotifyStoreOut.LAYOUT,
            "fuse_notify_store_out 24: nodeid@0 offset@8 size@16 padding@20"),
        Arguments.of(BackingMap.LAYOUT, "fuse_backing_map 16: fd@0 flags@4 padding@8"),
        Arguments.of(
            Attr.LAYOUT,
            "fuse_attr 88: ino@0 size@8 blocks@16 atime@24 mtime@32 ctime@40 atimensec@48 mtimensec@52 ctimensec@56 mode@60 nlink@64 uid@68 gid@72 rdev@76 blksize@80 flags@84"),
        Arguments.of(
            AttrOut.LAYOUT, "fuse_attr_out 104: attr_valid@0 attr_valid_nsec@8 dummy@12 attr@16"),
        Arguments.of(
            EntryOut.LAYOUT,
            "fuse_entry_out 128: nodeid@0 generation@8 entry_valid@16 attr_valid@24 entry_valid_nsec@32 attr_valid_nsec@36 attr@40"),
        Arguments.of(SxTime.LAYOUT, "fuse_sx_time 16: tv_sec@0 tv_nsec@8 __reserved@12"),
        Arguments.of(Dirent.LAYOUT, "fuse_dirent 24: ino@0 off@8 namelen@16 type@20"),
        Arguments.of(Direntplus.LAYOUT, "fuse_direntplus 152: entry_out@0 dirent@128"),
        Arguments.of(
            StatxOut.LAYOUT,
            "fuse_statx_out 288: attr_valid@0 attr_valid_nsec@8 flags@12 spare@16 stat@32"),
        Arguments.of(
            Statx.LAYOUT,
            "fuse_statx 256: mask@0 blksize@4 attributes@8 nlink@16 uid@20 gid@24 mode@28 __spare0@30 ino@32 size@40 blocks@48 attributes_mask@56 atime@64 btime@80 ctime@96 mtime@112 rdev_major@128 rdev_minor@132 dev_major@136 dev_minor@140 __spare2@144"),
        Arguments.of(
            HandedDescriptor.MSGHDR,
            "msghdr 56: msg_name@0 msg_namelen@8 msg_iov@16 msg_iovlen@24 msg_control@32 msg_controllen@40 msg_flags@48"));
  }

  @ParameterizedTest
  @MethodSource("structures")
  void isLaidOutAsInTheHeaderOfTheKernel(StructLayout layout, String expected) {
    String fields =
        Arrays.stream(expected.substring(expected.indexOf(": ") + 2).split(" ", -1))
            .map(field -> field.substring(0, field.indexOf('@')))
            .map(field -> field + "@" + layout.byteOffset(PathElement.groupElement(field)))
            .collect(Collectors.joining(" "));

    assertThat(layout.name().orElseThrow() + " " + layout.byteSize() + ": " + fields)
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("structures")
  void hasNoGapBetweenItsFields(StructLayout layout, String expected) {
    assertThat(layout.memberLayouts().stream().mapToLong(MemoryLayout::byteSize).sum())
        .as(expected)
        .isEqualTo(layout.byteSize());
  }
}
