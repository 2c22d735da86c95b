package sharewalk.kernel.fs.device;

import sharewalk.kernel.fs.CharacterDevice;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.Outcome;

/// A device file: a number, and operations that every open file of it shares.
public final class Device extends CharacterDevice {
    private final FileOperations operations;

    /// Creates the file of a device; the number is that of `CharacterDevice.numberOf`.
    public Device(FileSystem fileSystem, int permissions, long specialDevice, FileOperations operations) {
        super(fileSystem, permissions, specialDevice);
        this.operations = operations;
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(operations);
    }
}
