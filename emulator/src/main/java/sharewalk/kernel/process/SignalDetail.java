package sharewalk.kernel.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.abi.SiginfoLayout;
import sharewalk.abi.Signals;

/// A signal on its way, with what its siginfo will say.
public sealed interface SignalDetail {
    /// Returns the signal's number.
    int signal();

    /// Returns `si_code`.
    int code();

    /// A signal some process sent.
    record Sent(int signal, int code, int pid, int uid, long value) implements SignalDetail {
        /// Returns a signal sent with kill(2).
        public static Sent byKill(int signal, int pid) {
            return new Sent(signal, Signals.SI_USER, pid, 0, 0);
        }
    }

    /// A signal an instruction raised.
    record Fault(int signal, int code, long virtAddr) implements SignalDetail {}

    /// News of a child.
    record Child(int signal, int code, int pid, int status, long userTicks) implements SignalDetail {}

    /// A siginfo that the sender wrote itself (rt_sigqueueinfo(2)).
    @SuppressWarnings("ArrayRecordComponent") // never changed
    record Raw(int signal, int code, byte[] siginfo) implements SignalDetail {}

    /// Returns the bytes of `siginfo_t`.
    default byte[] encode() {
        byte[] bytes = new byte[SiginfoLayout.SIZE];
        ByteBuffer into = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (this) {
            case Raw raw -> into.put(0, raw.siginfo());
            case Sent sent ->
                into.putInt(SiginfoLayout.PID, sent.pid())
                        .putInt(SiginfoLayout.UID, sent.uid())
                        .putLong(SiginfoLayout.VALUE, sent.value());
            case Fault fault -> into.putLong(SiginfoLayout.ADDRESS, fault.virtAddr());
            case Child child ->
                into.putInt(SiginfoLayout.PID, child.pid())
                        .putInt(SiginfoLayout.STATUS, child.status())
                        .putLong(SiginfoLayout.UTIME, child.userTicks());
        }
        into.putInt(SiginfoLayout.SIGNO, signal());
        into.putInt(SiginfoLayout.CODE, code());
        return bytes;
    }
}
