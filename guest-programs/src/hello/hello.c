/* A little of everything a C program does: printf, malloc, qsort, libm, thread-local storage, environment. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

static _Thread_local int local_counter = 41;

static int by_value(const void *left, const void *right) {
    int a = *(const int *) left;
    int b = *(const int *) right;
    return (a > b) - (a < b);
}

static void sort_on_heap(void) {
    enum { COUNT = 5000 };
    int *values = malloc(COUNT * sizeof *values);
    if (!values) {
        guest_fail("malloc");
    }
    struct guest_random random = guest_random_of(1);
    for (int i = 0; i < COUNT; i++) {
        values[i] = (int) (guest_random_next(&random) % 100000);
    }
    qsort(values, COUNT, sizeof *values, by_value);
    uint64_t sum = 0;
    int ordered = 1;
    for (int i = 0; i < COUNT; i++) {
        sum = guest_checksum(sum, (uint64_t) values[i]);
        ordered &= !i || values[i - 1] <= values[i];
    }
    printf("sorted %d values: %s, checksum %016llx\n", COUNT, ordered ? "ordered" : "NOT ordered",
           (unsigned long long) sum);
    free(values);
}

static void grow_text(void) {
    size_t length = 0;
    char *text = NULL;
    for (int i = 0; i < 1000; i++) {
        text = realloc(text, length + 100);
        if (!text) {
            guest_fail("realloc");
        }
        memset(text + length, 'a' + i % 26, 100);
        length += 100;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum += (unsigned char) text[i];
    }
    printf("grew %zu bytes of text, sum %llu\n", length, (unsigned long long) sum);
    free(text);
}

int main(int argc, char **argv) {
    volatile double two = 2.0;
    printf("Hello from a guest program\n");
    for (int i = 1; i < argc; i++) {
        printf("argument %d: %s\n", i, argv[i]);
    }
    printf("square root of two %.10f, sine %.10f, power %.6f\n", sqrt(two), sin(two), pow(two, 0.5));
    local_counter++;
    printf("thread-local %d\n", local_counter);
    sort_on_heap();
    grow_text();
    return 0;
}
