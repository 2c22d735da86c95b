package unicorn;

/// An x87 number of 80 bits: sign and exponent in 16 bits, mantissa with its leading one in 64.
public class X86_Float80 {
    private static final int BIAS = 16383;
    private static final int SIGN = 0x8000;
    private static final int EXPONENT_MASK = 0x7fff;
    private static final int FRACTION_BITS = 63;
    private static final long QUIET_BIT = 1L << 62;

    /// Mantissa, the integer bit on top.
    public long mantissa;

    /// Sign and biased exponent.
    public short exponent;

    /// Creates a number from its parts.
    public X86_Float80(long mantissa, short exponent) {
        this.mantissa = mantissa;
        this.exponent = exponent;
    }

    /// Returns the number as a `double`; denormals of the longer format are zero.
    public double toDouble() {
        int biased = exponent & EXPONENT_MASK;
        double magnitude;
        if (biased == 0) {
            magnitude = 0.0;
        } else if (biased == EXPONENT_MASK) {
            magnitude = (mantissa & QUIET_BIT) == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            magnitude = Math.scalb((double) (mantissa >>> 1), biased - BIAS - (FRACTION_BITS - 1));
        }
        return (exponent & SIGN) != 0 ? -magnitude : magnitude;
    }

    /// Returns the number nearest to a `double`.
    public static X86_Float80 fromDouble(double val) {
        if (Double.isNaN(val)) {
            return new X86_Float80(-1L, (short) -1);
        }
        int sign = Double.doubleToRawLongBits(val) < 0 ? SIGN : 0;
        if (Double.isInfinite(val)) {
            return new X86_Float80(1L << FRACTION_BITS, (short) (sign | EXPONENT_MASK));
        }
        if (val == 0) {
            return new X86_Float80(0, (short) sign);
        }
        double magnitude = Math.abs(val);
        int exponent = Math.getExponent(magnitude * (magnitude < Double.MIN_NORMAL ? 0x1p64 : 1))
                - (magnitude < Double.MIN_NORMAL ? 64 : 0);
        long mantissa = (long) Math.scalb(magnitude, FRACTION_BITS - 1 - exponent) << 1;
        return new X86_Float80(mantissa, (short) (sign | (exponent + BIAS)));
    }

    @Override
    public String toString() {
        return "X86_Float80 [mantissa=" + mantissa + ", exponent=" + exponent + "]";
    }
}
