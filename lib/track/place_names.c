/*
 * Endings are of one character or two, in the folded (simplified) form. Words that end like names and are none (居民楼,
 * 我们村, 消防站) are left out here where they are frequent; the rest does little harm, since a name counts the less
 * the more incidents have it.
 */
#include "track/place_names.h"

#include <stddef.h>

#define PAIR(a, b) ((uint64_t)(a) << 32 | (uint64_t)(b))

/* Ascending, to be searched by halves. */
static const uint16_t single_endings[] = {
    0x4E61 /* 乡 */, 0x533A /* 区 */, 0x5382 /* 厂 */, 0x53BF /* 县 */, 0x56ED /* 园 */, 0x574A /* 坊 */,
    0x57CE /* 城 */, 0x5BFA /* 寺 */, 0x5C6F /* 屯 */, 0x5C9B /* 岛 */, 0x5DF7 /* 巷 */, 0x5E02 /* 市 */,
    0x5E84 /* 庄 */, 0x5EAD /* 庭 */, 0x5F04 /* 弄 */, 0x6751 /* 村 */, 0x6865 /* 桥 */, 0x6E2F /* 港 */,
    0x6E7E /* 湾 */, 0x82D1 /* 苑 */, 0x8857 /* 街 */, 0x8DEF /* 路 */, 0x90A8 /* 邨 */, 0x9547 /* 镇 */,
    0x9601 /* 阁 */, 0x9662 /* 院 */,
};

static const uint64_t double_endings[] = {
    PAIR(0x4E2D, 0x5B66) /* 中学 */, PAIR(0x4ED3, 0x5E93) /* 仓库 */, PAIR(0x516C, 0x5BD3) /* 公寓 */,
    PAIR(0x533B, 0x9662) /* 医院 */, PAIR(0x5546, 0x573A) /* 商场 */, PAIR(0x5546, 0x57CE) /* 商城 */,
    PAIR(0x5927, 0x53A6) /* 大厦 */, PAIR(0x5927, 0x5B66) /* 大学 */, PAIR(0x5927, 0x6865) /* 大桥 */,
    PAIR(0x5927, 0x9053) /* 大道 */, PAIR(0x5BB6, 0x56ED) /* 家园 */, PAIR(0x5BBE, 0x9986) /* 宾馆 */,
    PAIR(0x5C0F, 0x533A) /* 小区 */, PAIR(0x5C0F, 0x5B66) /* 小学 */, PAIR(0x5DE5, 0x5730) /* 工地 */,
    PAIR(0x5E02, 0x573A) /* 市场 */, PAIR(0x5E7F, 0x573A) /* 广场 */, PAIR(0x65B0, 0x6751) /* 新村 */,
    PAIR(0x793E, 0x533A) /* 社区 */, PAIR(0x82B1, 0x56ED) /* 花园 */, PAIR(0x8857, 0x9053) /* 街道 */,
    PAIR(0x9152, 0x5E97) /* 酒店 */, PAIR(0x96A7, 0x9053) /* 隧道 */, PAIR(0x9AD8, 0x901F) /* 高速 */,
};

/* Two characters that stand before an ending and name nothing. */
static const uint64_t nameless[] = {
    PAIR(0x4E00, 0x4E2A) /* 一个 */, PAIR(0x4F4F, 0x5B85) /* 住宅 */, PAIR(0x4F60, 0x4EEC) /* 你们 */,
    PAIR(0x5176, 0x4ED6) /* 其他 */, PAIR(0x529E, 0x516C) /* 办公 */, PAIR(0x533B, 0x7597) /* 医疗 */,
    PAIR(0x54B1, 0x4EEC) /* 咱们 */, PAIR(0x57CE, 0x4E2D) /* 城中 */, PAIR(0x5BB6, 0x5C5E) /* 家属 */,
    PAIR(0x5BBF, 0x820D) /* 宿舍 */, PAIR(0x5C45, 0x6C11) /* 居民 */, PAIR(0x5DE5, 0x4E1A) /* 工业 */,
    PAIR(0x6211, 0x4EEC) /* 我们 */, PAIR(0x6551, 0x63F4) /* 救援 */, PAIR(0x6559, 0x5B66) /* 教学 */,
    PAIR(0x6B64, 0x5904) /* 此处 */, PAIR(0x6D88, 0x9632) /* 消防 */, PAIR(0x73B0, 0x573A) /* 现场 */,
    PAIR(0x81EA, 0x5BB6) /* 自家 */, PAIR(0x8001, 0x65E7) /* 老旧 */, PAIR(0x901A, 0x9053) /* 通道 */,
    PAIR(0x9644, 0x8FD1) /* 附近 */, PAIR(0x9AD8, 0x5C42) /* 高层 */,
};

/* Words that a name does not hold. */
static const uint16_t parting[] = {
    0x4E00 /* 一 */, 0x4E2A /* 个 */, 0x4E86 /* 了 */, 0x4ECE /* 从 */, 0x5230 /* 到 */,
    0x548C /* 和 */, 0x5728 /* 在 */, 0x5750 /* 坐 */, 0x5F80 /* 往 */, 0x662F /* 是 */,
    0x6709 /* 有 */, 0x67D0 /* 某 */, 0x680B /* 栋 */, 0x7684 /* 的 */, 0x7B49 /* 等 */,
    0x88AB /* 被 */, 0x8BE5 /* 该 */, 0x8FD9 /* 这 */, 0x90A3 /* 那 */,
};

static int has_short(const uint16_t *list, size_t count, uint32_t wanted) {
    size_t low = 0;
    while (count) {
        const size_t half = count / 2;
        if (list[low + half] < wanted) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return list[low] == wanted;
}

static int has_pair(const uint64_t *list, size_t count, uint64_t wanted) {
    for (size_t i = 0; i < count; i++) {
        if (list[i] == wanted) return 1;
    }
    return 0;
}

#define HAS_SHORT(list, wanted) (has_short(list, sizeof(list) / sizeof *(list)-1, wanted))
#define HAS_PAIR(list, wanted) (has_pair(list, sizeof(list) / sizeof *(list), wanted))

static uint32_t key_of(uint32_t first, uint32_t second, uint64_t ending) {
    uint64_t x = (PAIR(first, second) ^ ending * UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0x9E3779B97F4A7C15);
    x ^= x >> 29;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(x >> 32) | 1u; /* never 0 */
}

/* Wide: a town has many incidents at once. */
static int is_wide(uint64_t ending) { return ending == 0x533A || ending == 0x53BF || ending == 0x5E02; }

uint32_t tocsin__place_key(uint32_t first, uint32_t second) { return key_of(first, second, 1) | TOCSIN__PLACE_WIDE; }

static uint32_t name_before(const tocsin__place_window *w, uint32_t skipped, uint64_t ending) {
    if (w->count < skipped + 2) return 0;
    const uint32_t first = w->before[skipped + 1], second = w->before[skipped];
    if (HAS_SHORT(parting, first) || HAS_SHORT(parting, second) || HAS_PAIR(nameless, PAIR(first, second))) return 0;
    const uint32_t key = key_of(first, second, ending);
    return is_wide(ending) ? key | TOCSIN__PLACE_WIDE : key & ~TOCSIN__PLACE_WIDE;
}

uint32_t tocsin__place_window_take(tocsin__place_window *w, uint32_t c) {
    uint32_t key = 0;
    if (w->count >= 2) {
        const uint64_t pair = PAIR(w->before[0], c);
        if (HAS_PAIR(double_endings, pair)) {
            key = name_before(w, 1, pair);
        } else if (HAS_SHORT(single_endings, c)) {
            key = name_before(w, 0, c);
        }
    }
    for (uint32_t i = TOCSIN__PLACE_WINDOW - 1; i > 0; i--) w->before[i] = w->before[i - 1];
    w->before[0] = c;
    if (w->count < TOCSIN__PLACE_WINDOW) w->count++;
    return key;
}
