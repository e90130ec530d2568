/* Which codec reads which engine. */
#include "value/codec.h"

const struct codec *codec_of(enum engine engine)
{
    return engine == ENGINE_MYSQL ? &codec_my : &codec_pg_binary;
}

const struct codec *codec_text_of(enum engine engine)
{
    return engine == ENGINE_MYSQL ? &codec_my : &codec_pg_text;
}

const struct codec *codec_text_beside(const struct codec *codec)
{
    assert(codec);
    return codec == &codec_pg_binary ? &codec_pg_text : codec;
}
