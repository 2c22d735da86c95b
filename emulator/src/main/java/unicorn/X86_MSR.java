package unicorn;

/// A model-specific register of x86.
public class X86_MSR {
    /// Number of the register, as in ECX for `rdmsr`.
    public int rid;

    /// Value, to be written.
    public long value;

    /// Names a register to be read.
    public X86_MSR(int rid) {
        this(rid, 0);
    }

    /// Creates a value to be written.
    public X86_MSR(int rid, long value) {
        this.rid = rid;
        this.value = value;
    }

    @Override
    public String toString() {
        return "X86_MSR [rid=" + rid + ", value=" + value + "]";
    }
}
