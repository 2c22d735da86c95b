package sharewalk.kernel.wait;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitQueueTest {
    private final List<String> woken = new ArrayList<>();
    private final WaitQueue queue = new WaitQueue();

    private final class Named implements Waiter {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public void wake() {
            woken.add(name);
        }
    }

    @Test
    void wakeAll_wakesInTheOrderOfArrival() {
        queue.add(new Named("a"));
        queue.add(new Named("b"));
        queue.add(new Named("c"));
        queue.wakeAll();
        assertThat(woken).containsExactly("a", "b", "c");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void add_keepsThePlaceOfAWaiterThatIsThere() {
        Named first = new Named("first");
        queue.add(first);
        queue.add(new Named("second"));
        queue.add(first);
        queue.wake(1);
        assertThat(woken).containsExactly("first");
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void remove_leavesTheOthers() {
        Named gone = new Named("gone");
        queue.add(gone);
        queue.add(new Named("stays"));
        queue.remove(gone);
        queue.remove(gone);
        queue.wakeAll();
        assertThat(woken).containsExactly("stays");
    }

    @Test
    void wakeAll_leavesWaitersThatComeBackWhileWaking() {
        queue.add(new Waiter() {
            @Override
            public void wake() {
                woken.add("again");
                queue.add(this);
            }
        });
        queue.wakeAll();
        assertThat(woken).containsExactly("again");
        assertThat(queue.size()).isEqualTo(1);
    }
}
