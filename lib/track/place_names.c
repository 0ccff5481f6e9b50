/*
 * Endings have one character or two, in the folded (simplified) form. Frequent words that look like names but are none
 * (居民楼, 我们村, 消防站) are left out here. The others do little harm, because a name counts less the more incidents
 * have it.
 */
#include "track/place_names.h"

#include <stddef.h>

#define PAIR(a, b) ((uint64_t)(a) << 32 | (uint64_t)(b))

/* Ascending, for binary search. */
static const uint16_t single_endings[] = {
    0x4E61 /* 乡 */, 0x533A /* 区 */, 0x5382 /* 厂 */, 0x53BF /* 县 */, 0x56ED /* 园 */, 0x574A /* 坊 */,
    0x57CE /* 城 */, 0x5BFA /* 寺 */, 0x5C6F /* 屯 */, 0x5C9B /* 岛 */, 0x5DF7 /* 巷 */, 0x5E02 /* 市 */,
    0x5E84 /* 庄 */, 0x5EAD /* 庭 */, 0x5F04 /* 弄 */, 0x6751 /* 村 */, 0x6865 /* 桥 */, 0x6E2F /* 港 */,
    0x6E7E /* 湾 */, 0x82D1 /* 苑 */, 0x8857 /* 街 */, 0x8DEF /* 路 */, 0x90A8 /* 邨 */, 0x9547 /* 镇 */,
    0x9601 /* 阁 */, 0x9662 /* 院 */,
};

static const uint64_t double_endings[] = {
    PAIR(0x4E2D, 0x5B66) /* 中学 */, PAIR(0x4E2D, 0x5FC3) /* 中心 */, PAIR(0x4E66, 0x5E97) /* 书店 */,
    PAIR(0x4ED3, 0x5E93) /* 仓库 */, PAIR(0x516C, 0x53F8) /* 公司 */, PAIR(0x516C, 0x56ED) /* 公园 */,
    PAIR(0x516C, 0x5BD3) /* 公寓 */, PAIR(0x516C, 0x9986) /* 公馆 */, PAIR(0x522B, 0x5885) /* 别墅 */,
    PAIR(0x5267, 0x9662) /* 剧院 */, PAIR(0x533B, 0x9662) /* 医院 */, PAIR(0x5546, 0x53A6) /* 商厦 */,
    PAIR(0x5546, 0x573A) /* 商场 */, PAIR(0x5546, 0x57CE) /* 商城 */, PAIR(0x56ED, 0x533A) /* 园区 */,
    PAIR(0x56FD, 0x9053) /* 国道 */, PAIR(0x5927, 0x53A6) /* 大厦 */, PAIR(0x5927, 0x575D) /* 大坝 */,
    PAIR(0x5927, 0x5B66) /* 大学 */, PAIR(0x5927, 0x6865) /* 大桥 */, PAIR(0x5927, 0x697C) /* 大楼 */,
    PAIR(0x5927, 0x9053) /* 大道 */, PAIR(0x5927, 0x9662) /* 大院 */, PAIR(0x5B66, 0x9662) /* 学院 */,
    PAIR(0x5BA2, 0x6808) /* 客栈 */, PAIR(0x5BB6, 0x56ED) /* 家园 */, PAIR(0x5BBE, 0x9986) /* 宾馆 */,
    PAIR(0x5C0F, 0x533A) /* 小区 */, PAIR(0x5C0F, 0x5B66) /* 小学 */, PAIR(0x5C71, 0x5E84) /* 山庄 */,
    PAIR(0x5DE5, 0x5730) /* 工地 */, PAIR(0x5E02, 0x573A) /* 市场 */, PAIR(0x5E02, 0x96C6) /* 市集 */,
    PAIR(0x5E7F, 0x573A) /* 广场 */, PAIR(0x5F71, 0x57CE) /* 影城 */, PAIR(0x5F71, 0x9662) /* 影院 */,
    PAIR(0x652F, 0x8DEF) /* 支路 */, PAIR(0x65B0, 0x6751) /* 新村 */, PAIR(0x666F, 0x533A) /* 景区 */,
    PAIR(0x673A, 0x573A) /* 机场 */, PAIR(0x6821, 0x533A) /* 校区 */, PAIR(0x6C11, 0x5BBF) /* 民宿 */,
    PAIR(0x6C34, 0x5E93) /* 水库 */, PAIR(0x6CB9, 0x7AD9) /* 油站 */, PAIR(0x6D74, 0x573A) /* 浴场 */,
    PAIR(0x6D74, 0x5BA4) /* 浴室 */, PAIR(0x7535, 0x7AD9) /* 电站 */, PAIR(0x76D1, 0x72F1) /* 监狱 */,
    PAIR(0x7801, 0x5934) /* 码头 */, PAIR(0x793E, 0x533A) /* 社区 */, PAIR(0x7F51, 0x5427) /* 网吧 */,
    PAIR(0x80E1, 0x540C) /* 胡同 */, PAIR(0x82B1, 0x56ED) /* 花园 */, PAIR(0x8857, 0x9053) /* 街道 */,
    PAIR(0x8D85, 0x5E02) /* 超市 */, PAIR(0x8F66, 0x7AD9) /* 车站 */, PAIR(0x8F66, 0x95F4) /* 车间 */,
    PAIR(0x9152, 0x5E97) /* 酒店 */, PAIR(0x96A7, 0x9053) /* 隧道 */, PAIR(0x9910, 0x5385) /* 餐厅 */,
    PAIR(0x996D, 0x5E97) /* 饭店 */, PAIR(0x9AD8, 0x901F) /* 高速 */,
};

/* Two characters before an ending that name nothing. */
static const uint64_t nameless[] = {
    PAIR(0x4E00, 0x4E2A) /* 一个 */, PAIR(0x4F4F, 0x5B85) /* 住宅 */, PAIR(0x4F60, 0x4EEC) /* 你们 */,
    PAIR(0x5176, 0x4ED6) /* 其他 */, PAIR(0x529E, 0x516C) /* 办公 */, PAIR(0x533B, 0x7597) /* 医疗 */,
    PAIR(0x54B1, 0x4EEC) /* 咱们 */, PAIR(0x57CE, 0x4E2D) /* 城中 */, PAIR(0x5BB6, 0x5C5E) /* 家属 */,
    PAIR(0x5BBF, 0x820D) /* 宿舍 */, PAIR(0x5C45, 0x6C11) /* 居民 */, PAIR(0x6211, 0x4EEC) /* 我们 */,
    PAIR(0x6551, 0x63F4) /* 救援 */, PAIR(0x6559, 0x5B66) /* 教学 */, PAIR(0x6B64, 0x5904) /* 此处 */,
    PAIR(0x6D88, 0x9632) /* 消防 */, PAIR(0x73B0, 0x573A) /* 现场 */, PAIR(0x81EA, 0x5BB6) /* 自家 */,
    PAIR(0x8001, 0x65E7) /* 老旧 */, PAIR(0x901A, 0x9053) /* 通道 */, PAIR(0x9644, 0x8FD1) /* 附近 */,
    PAIR(0x9AD8, 0x5C42) /* 高层 */,
};

/* The purpose of a place, between its name and the ending: 锦山化工厂, 肥东县人民医院. */
static const uint64_t purposes[] = {
    PAIR(0x4E2D, 0x5FC3) /* 中心 */, PAIR(0x4E94, 0x91D1) /* 五金 */, PAIR(0x4EA7, 0x4E1A) /* 产业 */,
    PAIR(0x4EBA, 0x6C11) /* 人民 */, PAIR(0x4F1A, 0x5C55) /* 会展 */, PAIR(0x4F53, 0x80B2) /* 体育 */,
    PAIR(0x517B, 0x8001) /* 养老 */, PAIR(0x519C, 0x8D38) /* 农贸 */, PAIR(0x5316, 0x5DE5) /* 化工 */,
    PAIR(0x5546, 0x4E1A) /* 商业 */, PAIR(0x56FD, 0x9645) /* 国际 */, PAIR(0x5730, 0x94C1) /* 地铁 */,
    PAIR(0x5851, 0x6599) /* 塑料 */, PAIR(0x5916, 0x56FD) /* 外国 */, PAIR(0x5A31, 0x4E50) /* 娱乐 */,
    PAIR(0x5B9E, 0x9A8C) /* 实验 */, PAIR(0x5BA2, 0x8FD0) /* 客运 */, PAIR(0x5BB6, 0x5177) /* 家具 */,
    PAIR(0x5E08, 0x8303) /* 师范 */, PAIR(0x5DE5, 0x4E1A) /* 工业 */, PAIR(0x5E7C, 0x513F) /* 幼儿 */,
    PAIR(0x5EFA, 0x6750) /* 建材 */, PAIR(0x6279, 0x53D1) /* 批发 */, PAIR(0x6280, 0x672F) /* 技术 */,
    PAIR(0x656C, 0x8001) /* 敬老 */, PAIR(0x6587, 0x5316) /* 文化 */, PAIR(0x670D, 0x52A1) /* 服务 */,
    PAIR(0x670D, 0x88C5) /* 服装 */, PAIR(0x673A, 0x68B0) /* 机械 */, PAIR(0x6C34, 0x6CE5) /* 水泥 */,
    PAIR(0x6C7D, 0x8F66) /* 汽车 */, PAIR(0x6D3B, 0x52A8) /* 活动 */, PAIR(0x706B, 0x8F66) /* 火车 */,
    PAIR(0x7269, 0x6D41) /* 物流 */, PAIR(0x7535, 0x5B50) /* 电子 */, PAIR(0x798F, 0x5229) /* 福利 */,
    PAIR(0x79D1, 0x6280) /* 科技 */, PAIR(0x7B2C, 0x4E00) /* 第一 */, PAIR(0x7B2C, 0x4E8C) /* 第二 */,
    PAIR(0x7EBA, 0x7EC7) /* 纺织 */, PAIR(0x7EFC, 0x5408) /* 综合 */, PAIR(0x804C, 0x4E1A) /* 职业 */,
    PAIR(0x8D27, 0x8FD0) /* 货运 */, PAIR(0x8D2D, 0x7269) /* 购物 */, PAIR(0x9152, 0x5E97) /* 酒店 */,
    PAIR(0x94A2, 0x94C1) /* 钢铁 */, PAIR(0x98DF, 0x54C1) /* 食品 */, PAIR(0x9AD8, 0x7EA7) /* 高级 */,
};

/* Characters that no name contains. */
static const uint16_t parting[] = {
    0x4E00 /* 一 */, 0x4E2A /* 个 */, 0x4E86 /* 了 */, 0x4ECE /* 从 */, 0x5230 /* 到 */, 0x5728 /* 在 */,
    0x5750 /* 坐 */, 0x5F80 /* 往 */, 0x662F /* 是 */, 0x6709 /* 有 */, 0x67D0 /* 某 */, 0x680B /* 栋 */,
    0x7684 /* 的 */, 0x7B49 /* 等 */, 0x88AB /* 被 */, 0x8BE5 /* 该 */, 0x8FD9 /* 这 */, 0x90A3 /* 那 */,
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
    return ((uint32_t)(x >> 32) | 1u) & ~(TOCSIN__PLACE_WIDE | TOCSIN__PLACE_LISTED | TOCSIN__PLACE_TOWN); /* never 0 */
}

/* Wide: a town has many incidents at the same time. */
static int is_wide(uint64_t ending) { return ending == 0x533A || ending == 0x53BF || ending == 0x5E02; }

static int is_town(uint64_t ending) {
    return ending == 0x4E61 || ending == 0x9547 || ending == PAIR(0x8857, 0x9053); /* 乡, 镇, 街道 */
}

uint32_t tocsin__place_key(uint32_t first, uint32_t second) {
    return key_of(first, second, 1) | TOCSIN__PLACE_WIDE | TOCSIN__PLACE_LISTED;
}

static uint32_t name_before(const tocsin__place_window *w, uint32_t skipped, uint64_t ending) {
    if (w->count < skipped + 2) return 0;
    uint32_t first = w->before[skipped + 1], second = w->before[skipped];
    if (HAS_PAIR(purposes, PAIR(first, second))) {
        if (w->count < skipped + 4) return 0;
        ending ^= PAIR(second, first);
        first = w->before[skipped + 3];
        second = w->before[skipped + 2];
    }
    if (HAS_SHORT(parting, first) || HAS_SHORT(parting, second) || HAS_PAIR(nameless, PAIR(first, second))) return 0;
    const uint32_t key = key_of(first, second, ending);
    if (is_wide(ending)) return key | TOCSIN__PLACE_WIDE;
    return is_town(ending) ? key | TOCSIN__PLACE_TOWN : key;
}

uint32_t tocsin__place_window_name(const tocsin__place_window *w, uint32_t c) {
    const uint64_t pair = PAIR(w->before[0], c);
    if (HAS_PAIR(double_endings, pair)) return name_before(w, 1, pair);
    return HAS_SHORT(single_endings, c) ? name_before(w, 0, c) : 0;
}

static void add_end(tocsin__place_ends *ends, uint64_t last) {
    const uint32_t bit = (uint32_t)last % TOCSIN__PLACE_ENDS;
    ends->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

void tocsin__place_ends_init(tocsin__place_ends *ends) {
    *ends = (tocsin__place_ends){{0}};
    for (size_t i = 0; i < sizeof single_endings / sizeof *single_endings; i++) add_end(ends, single_endings[i]);
    for (size_t i = 0; i < sizeof double_endings / sizeof *double_endings; i++) add_end(ends, double_endings[i]);
}
