/* Rules that a program holds its kernel to, told as TAP ("ok 1 - [P] rule"): one line for each, the plan at the end. */
#include <stdio.h>

#include "guest.h"

static int rules;
static int broken;

void guest_rule(const char *tag, const char *rule, int holds) {
    rules++;
    broken += !holds;
    printf("%sok %d - [%s] %s\n", holds ? "" : "not ", rules, tag, rule);
}

void guest_rule_errno(const char *tag, const char *rule, int result, int expected) {
    guest_rule(tag, rule, result == expected);
    if (result != expected) {
        printf("# errno %d where %d was due\n", result, expected);
    }
}

void guest_rule_skipped(const char *tag, const char *rule, const char *why) {
    rules++;
    printf("ok %d - [%s] %s # SKIP %s\n", rules, tag, rule, why);
}

int guest_rules_end(void) {
    printf("1..%d\n", rules);
    return broken != 0;
}
