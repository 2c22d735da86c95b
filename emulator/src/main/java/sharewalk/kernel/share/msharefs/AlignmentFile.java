package sharewalk.kernel.share.msharefs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;

/// The file `mshare_info`: the alignment and granularity of regions in decimal (patch 2).
final class AlignmentFile extends RegularFile implements FileOperations {
    private final byte[] text;

    AlignmentFile(MshareFileSystem fileSystem, long alignment) {
        super(fileSystem, 0444);
        this.text = (alignment + "\n").getBytes(US_ASCII);
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        int start = (int) Math.min(position, text.length);
        int count = Math.min(text.length - start, into.remaining());
        into.put(text, start, count);
        return count;
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    /// Seeking changes nothing (`noop_llseek`).
    @Override
    public long seek(OpenFile file, long offset, int whence) {
        return file.position();
    }
}
