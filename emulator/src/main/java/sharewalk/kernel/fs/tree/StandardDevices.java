package sharewalk.kernel.fs.tree;

import sharewalk.kernel.fs.CharacterDevice;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.device.Device;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.fs.device.MemoryDevice;
import sharewalk.kernel.fs.device.RandomDevice;
import sharewalk.kernel.fs.tmp.MemoryFiles;
import sharewalk.kernel.fs.tmp.TmpDirectory;

/// The entries of /dev.
final class StandardDevices {
    private static final int MEMORY_MAJOR = 1;

    private StandardDevices() {}

    static void fill(TmpDirectory dev, MemoryFiles memoryFiles, GuestRandom random) {
        add(dev, "null", 3, MemoryDevice.ofNull());
        add(dev, "zero", 5, MemoryDevice.ofZeros(memoryFiles));
        add(dev, "full", 7, MemoryDevice.ofFull());
        add(dev, "random", 8, new RandomDevice(random));
        add(dev, "urandom", 9, new RandomDevice(random));
        link(dev, "fd", "/proc/self/fd");
        link(dev, "stdin", "/proc/self/fd/0");
        link(dev, "stdout", "/proc/self/fd/1");
        link(dev, "stderr", "/proc/self/fd/2");
    }

    private static void add(TmpDirectory dev, String name, int minor, FileOperations operations) {
        long number = CharacterDevice.numberOf(MEMORY_MAJOR, minor);
        dev.place(name, new Device(dev.fileSystem(), 0666, number, operations));
    }

    private static void link(TmpDirectory dev, String name, String target) {
        Outcome<?> made = dev.makeSymbolicLink(name, target);
        if (made.isError()) {
            throw new IllegalStateException("no room for /dev/" + name);
        }
    }
}
