package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VmaTraitsTest {
    @Test
    void everyFlagIsABitOfItsOwn() throws IllegalAccessException {
        List<Integer> flags = new ArrayList<>();
        for (Field field : VmaTraits.class.getDeclaredFields()) {
            boolean isFlag = Modifier.isPublic(field.getModifiers()) && Modifier.isStatic(field.getModifiers());
            if (isFlag && field.getType() == int.class) {
                flags.add(field.getInt(null));
            }
        }
        assertThat(flags).isNotEmpty().doesNotHaveDuplicates().allMatch(flag -> Integer.bitCount(flag) == 1);
    }
}
