package sharewalk.kernel.process;

import java.util.Arrays;
import sharewalk.abi.Signals;

/// The table of actions of one process; threads share it, and so do processes cloned with CLONE_SIGHAND.
public final class SignalActions {
    private final SignalAction[] actions = new SignalAction[Signals.SIGRTMAX + 1];

    /// Creates the table of a fresh process: every action the default.
    public SignalActions() {
        Arrays.fill(actions, SignalAction.DEFAULT);
    }

    /// Returns the action of a signal.
    public SignalAction get(int signal) {
        return actions[signal];
    }

    /// Sets the action of a signal.
    public void set(int signal, SignalAction action) {
        actions[signal] = action;
    }

    /// Returns a table of its own with the same actions (fork).
    SignalActions copy() {
        SignalActions copy = new SignalActions();
        System.arraycopy(actions, 0, copy.actions, 0, actions.length);
        return copy;
    }

    /// Returns the table after exec: handlers become defaults, ignored signals stay ignored.
    SignalActions afterExec() {
        SignalActions fresh = new SignalActions();
        for (int signal = 1; signal < actions.length; signal++) {
            if (actions[signal].handler() == Signals.SIG_IGN) {
                fresh.actions[signal] = new SignalAction(Signals.SIG_IGN, 0, 0, 0);
            }
        }
        return fresh;
    }
}
