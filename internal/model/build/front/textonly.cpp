// Text only: the engine has no code that reads pictures, sound or video.
//
// llama.cpp's server calls a multimedia library for those. Its decoders read
// strangers' files, so they are left out and these answers are linked instead:
// there is never a media context, and whoever asks for one is told no. Calls
// that could only follow a successful one end the process: reaching them means
// that an assumption here is wrong, and a dead engine is better than a wrong one.
#include "mtmd.h"
#include "mtmd-helper.h"

#include <cstdlib>

[[noreturn]] static void unreachable_without_media() { std::abort(); }

// Asked at start or for each request: the honest answer is "none".
mtmd_context_params mtmd_context_params_default() { return {}; }
mtmd_context * mtmd_init_from_file(const char *, const llama_model *, const mtmd_context_params) { return nullptr; }
void mtmd_free(mtmd_context *) {}
bool mtmd_support_vision(const mtmd_context *) { return false; }
bool mtmd_support_audio(const mtmd_context *) { return false; }
bool mtmd_helper_support_video(const mtmd_context *) { return false; }
void mtmd_helper_log_set(ggml_log_callback, void *) {}
mtmd_helper_init_opt mtmd_helper_init_opt_default() { return {}; }
std::map<ggml_backend_dev_t, size_t> mtmd_get_memory_usage(const char *, mtmd_context_params) { return {}; }
mtmd_helper_bitmap_wrapper mtmd_helper_bitmap_init_from_buf(const mtmd_context *, const unsigned char *, size_t, bool, mtmd_helper_init_opt) {
    return { nullptr, nullptr };
}

// Destructors of empty smart pointers.
void mtmd_bitmap_free(mtmd_bitmap *) {}
void mtmd_helper_video_free(mtmd_helper_video *) {}
void mtmd_batch_free(mtmd_batch *) {}
void mtmd_input_chunk_free(mtmd_input_chunk *) {}
void mtmd_input_chunks_free(mtmd_input_chunks *) {}

// Loading a saved media piece fails, as for a damaged one.
mtmd_input_chunk * mtmd_input_chunk_load(const char *, size_t) { return nullptr; }
int32_t mtmd_input_chunk_save(const mtmd_input_chunk *, char *, size_t, size_t *) { return 1; }

// Needs a media context or a media piece, of which there are none.
mtmd_batch * mtmd_batch_init(mtmd_context *) { unreachable_without_media(); }
int32_t mtmd_batch_add_chunk(mtmd_batch *, const mtmd_input_chunk *) { unreachable_without_media(); }
int32_t mtmd_batch_encode(mtmd_batch *) { unreachable_without_media(); }
float * mtmd_batch_get_output_embd(mtmd_batch *, const mtmd_input_chunk *) { unreachable_without_media(); }
int32_t mtmd_helper_decode_image_chunk(mtmd_context *, llama_context *, const mtmd_input_chunk *, float *, llama_pos, llama_seq_id,
                                       int32_t, llama_pos *, mtmd_helper_post_decode_callback, void *) {
    unreachable_without_media();
}
mtmd_input_chunk * mtmd_input_chunk_copy(const mtmd_input_chunk *) { unreachable_without_media(); }
mtmd_input_chunk * mtmd_input_chunk_get_placeholder(const mtmd_input_chunk *) { unreachable_without_media(); }
const char * mtmd_input_chunk_get_id(const mtmd_input_chunk *) { unreachable_without_media(); }
llama_pos mtmd_input_chunk_get_n_pos(const mtmd_input_chunk *) { unreachable_without_media(); }
size_t mtmd_input_chunk_get_n_tokens(const mtmd_input_chunk *) { unreachable_without_media(); }
const llama_token * mtmd_input_chunk_get_tokens_text(const mtmd_input_chunk *, size_t *) { unreachable_without_media(); }
mtmd_input_chunk_type mtmd_input_chunk_get_type(const mtmd_input_chunk *) { unreachable_without_media(); }
mtmd_input_chunks * mtmd_input_chunks_init() { unreachable_without_media(); }
const mtmd_input_chunk * mtmd_input_chunks_get(const mtmd_input_chunks *, size_t) { unreachable_without_media(); }
size_t mtmd_input_chunks_size(const mtmd_input_chunks *) { unreachable_without_media(); }
int32_t mtmd_tokenize(const mtmd_context *, mtmd_input_chunks *, const mtmd_input_text *, const mtmd_bitmap * const *, size_t) {
    unreachable_without_media();
}
