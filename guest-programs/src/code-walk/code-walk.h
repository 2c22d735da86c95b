/* Where the entry points are in the pages of code that code-walk runs through (pages.ISA.S). */
#ifndef CODE_WALK_H
#define CODE_WALK_H

#define CODE_PAGES 256

#define MIDDLE_OFFSET 256    /* middle(x) = 3x + page + 1 */
#define CHAIN_OFFSET 512     /* chain(x): x = 3x + page + 7, then the next page's; the last one returns x */
#define LOOP_OFFSET 4086     /* odd pages, loop(x, n): n times x = 5(x + n) + page + 1001, n going down to 1 */

/* Even pages: straddle(x) = x + page + 1000; its first instruction begins in this page and ends in the next. */
#if defined(__x86_64__)
#define STRADDLE_OFFSET 4093
#else
#define STRADDLE_OFFSET 4094
#endif

#endif
