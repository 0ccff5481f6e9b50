/*
 * What was compiled, as a section of an image, so that opening it need not compile again. The section is private to
 * one version of the library: a key over all that its form and meaning depend on stands at its beginning, and where it
 * is another one the plan is compiled from the sources, which an image always has.
 */
#include <string.h>

#include <tocsin/version.h>

#include "base/diagnostics_add.h"
#include "base/hash.h"
#include "codec/little_endian.h"
#include "plan/plan_build.h"
#include "text/fold_tables.h"

#define LAYOUT 1u /* counts up whenever what is packed, or how, becomes another */
#define AT_KEY 0
#define AT_CONTENT 8
#define HEADER 16

/* Bytes of another machine come out as another key: these are hashed as they lie in memory. */
static uint64_t key_of(const tocsin_plan_options *options) {
    struct {
        uint64_t tables;
        uint32_t layout, engine, native_cpu, pointer;
        char writer[24], hyperscan[40];
    } key;
    memset(&key, 0, sizeof key);
    key.tables = tocsin__fold_tables_id;
    key.layout = LAYOUT;
    key.engine = options->engine == TOCSIN_ENGINE_AUTO ? TOCSIN_ENGINE_GATE : options->engine;
    key.native_cpu = options->native_cpu != 0;
    key.pointer = sizeof(void *);
    (void)strncpy(key.writer, TOCSIN_VERSION_STRING, sizeof key.writer - 1);
    (void)strncpy(key.hyperscan, tocsin_version_engine(), sizeof key.hyperscan - 1);
    return tocsin__hash(&key, sizeof key);
}

tocsin_status tocsin__plan_pack_blobs(const tocsin_plan *plan, tocsin_buffer *out) {
    char header[HEADER];
    tocsin__put64(header + AT_KEY, key_of(&plan->options));
    tocsin__put64(header + AT_CONTENT, plan->sources.content);
    tocsin__packer packer = {out, tocsin_buffer_append(out, header, sizeof header)};
    tocsin__lexicon_pack(&plan->lexicon, &packer);
    tocsin__plan_pack_patterns(plan, &packer);
    return packer.status;
}

static tocsin_status note(tocsin__plan_build *build, const char *why) {
    const tocsin__place nowhere = {"", 0, 0};
    return tocsin__diagnose(build->report.diagnostics, TOCSIN_SEVERITY_NOTE, "image-blobs", nowhere,
                            "the plan was compiled from the sources of the image: what was compiled before is %s", why);
}

static tocsin_status unpack(tocsin__plan_build *build, tocsin_bytes blobs, int *sound) {
    tocsin_plan *plan = build->plan;
    tocsin__unpacker u = {blobs, HEADER, 1};
    tocsin_status status = tocsin__lexicon_unpack(&u, plan->description->topic_count, &plan->allocator, &plan->lexicon);
    if (!status && u.sound) status = tocsin__plan_unpack_patterns(build, &u);
    *sound = u.sound && u.at == u.data.length;
    if (!status && *sound) return TOCSIN_OK;
    tocsin__matcher_release(&plan->matcher);
    tocsin__lexicon_release(&plan->lexicon);
    plan->has_word_bounds = 0;
    return status;
}

/* Where the section lies, unpacked if it must be; an empty one is damaged. */
static tocsin_status read_section(tocsin_plan *plan, const tocsin__section *section, tocsin_bytes *blobs) {
    *blobs = section->stored;
    if (section->codec == TOCSIN__CODEC_RAW) return TOCSIN_OK;
    tocsin_status status = tocsin__section_read(section, &plan->blobs, NULL);
    *blobs = (tocsin_bytes){plan->blobs.data, status ? 0 : plan->blobs.length};
    return status == TOCSIN_ERROR_MEMORY ? status : TOCSIN_OK;
}

tocsin_status tocsin__plan_take_blobs(tocsin__plan_build *build, int *taken) {
    const tocsin__plan_image *image = build->image;
    tocsin_plan *plan = build->plan;
    tocsin_bytes blobs;
    *taken = 0;
    if (!image || !image->blobs || build->report.errors) return TOCSIN_OK;
    tocsin_status status = read_section(plan, image->blobs, &blobs);
    if (status) return status;
    if (blobs.length < HEADER || tocsin__get64(blobs.data + AT_CONTENT) != image->content) {
        status = note(build, "damaged");
    } else if (tocsin__get64(blobs.data + AT_KEY) != key_of(&build->options)) {
        status = note(build, "for another version, engine or machine");
    } else {
        status = unpack(build, blobs, taken);
        if (!status && !*taken) status = note(build, "damaged, or for another processor");
    }
    if (!*taken) {
        tocsin_buffer_release(&plan->blobs);
    } else if (image->blobs->codec == TOCSIN__CODEC_RAW) {
        tocsin__image_retain(image->image);
        plan->image = (tocsin_image *)(uintptr_t)image->image;
    }
    return status;
}
