package sharewalk.kernel.syscall;

import sharewalk.kernel.process.TaskMemory;

/// A set of descriptors as select(2) takes it: one bit each, in 64-bit words.
@SuppressWarnings("ArrayRecordComponent") // its own, handed to nobody
record DescriptorSet(long[] words) {
    /// Reads a set; a null pointer is the empty one.
    static DescriptorSet read(TaskMemory memory, long virtAddr, int count) {
        DescriptorSet set = empty(count);
        for (int i = 0; virtAddr != 0 && i < set.words.length; i++) {
            set.words[i] = memory.readLong(virtAddr + (long) i * Long.BYTES);
        }
        return set;
    }

    /// Returns the empty set for descriptors below `count`.
    static DescriptorSet empty(int count) {
        return new DescriptorSet(new long[(count + Long.SIZE - 1) / Long.SIZE]);
    }

    boolean contains(int fd) {
        return (words[fd / Long.SIZE] >>> fd & 1) != 0;
    }

    /// Adds a descriptor if so; returns how many were added.
    int addIf(int fd, boolean condition) {
        if (condition) {
            words[fd / Long.SIZE] |= 1L << fd;
        }
        return condition ? 1 : 0;
    }

    /// Writes the set; a null pointer takes nothing.
    void write(TaskMemory memory, long virtAddr) {
        for (int i = 0; virtAddr != 0 && i < words.length; i++) {
            memory.writeLong(virtAddr + (long) i * Long.BYTES, words[i]);
        }
    }
}
