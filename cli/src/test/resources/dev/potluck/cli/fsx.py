"""Random changes of one file, through a mount and in memory: both are the same at each step.

Usage: fsx.py FILE SEED STEPS
"""
import ctypes
import os
import random
import sys

path, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rnd = random.Random(seed)
MAX = 1 << 20
model = bytearray()
fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
libc = ctypes.CDLL(None, use_errno=True)
def check(what):
    size = os.fstat(fd).st_size
    assert size == len(model), (what, size, len(model))
def place():
    at = rnd.randrange(MAX)
    return at, min(rnd.randrange(1 << rnd.randrange(1, 18)), MAX - at)
def grow(end):
    if end > len(model):
        model.extend(bytes(end - len(model)))
for step in range(steps):
    kind = rnd.randrange(13)
    at, count = place()
    if kind <= 2:
        data = rnd.randbytes(count)
        assert os.pwrite(fd, data, at) == count
        if count:
            grow(at + count)
            model[at:at + count] = data
    elif kind <= 4:
        got = os.pread(fd, count, at)
        assert got == bytes(model[at:at + count]), (step, 'read', at, count)
    elif kind == 5:
        size = rnd.choice([0, at, len(model) // 2, len(model) + 10])
        os.ftruncate(fd, size)
        grow(size)
        del model[size:]
    elif kind == 6:
        size = rnd.choice([at, len(model) // 2])
        os.truncate(path, size)
        grow(size)
        del model[size:]
    elif kind == 7:
        os.close(fd)
        if rnd.randrange(4) == 0:
            with open(path, 'rb') as f:
                assert f.read() == bytes(model), (step, 'reopen')
        fd = os.open(path, os.O_RDWR)
    elif kind == 8:
        os.fsync(fd)
    elif kind == 9 and count:
        os.posix_fallocate(fd, at, count)
        grow(at + count)
    elif kind == 10 and count:
        # FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
        assert libc.fallocate(fd, 3, ctypes.c_long(at), ctypes.c_long(count)) == 0
        end = min(at + count, len(model))
        if end > at:
            model[at:end] = bytes(end - at)
    elif kind == 11 and len(model) > 2 * count and count:
        to = len(model) - count
        moved = 0
        while moved < count:
            moved += os.copy_file_range(fd, fd, count - moved, moved, to + moved)
        model[to:to + count] = model[:count]
    elif kind == 12:
        other = os.open(path, os.O_WRONLY | os.O_APPEND)
        data = rnd.randbytes(count)
        os.write(other, data)
        os.close(other)
        model.extend(data)
        if len(model) > MAX:
            os.ftruncate(fd, MAX)
            del model[MAX:]
    check((step, kind))
    if step % 50 == 0:
        assert os.pread(fd, 2 * MAX, 0) == bytes(model), (step, 'all')
os.close(fd)
with open(path, 'rb') as f:
    assert f.read() == bytes(model)
print('ok', len(model))
