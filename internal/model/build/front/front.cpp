// The engine's front: one model, one listener, few doors.
//
// It starts llama.cpp's server core with the doors a gateway needs and nothing
// else. Left out on purpose, so that no flag and no request can bring them back:
// the router that starts child processes, tool and MCP runners, the fetching
// proxy, model downloads, slot files, adapter changes, resumable streams, web pages.
#include "server-context.h"
#include "server-http.h"
#include "server-stream.h"

#include "arg.h"
#include "common.h"
#include "llama.h"
#include "log.h"

#include <atomic>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <semaphore.h>
#include <unistd.h>

using handler = server_http_context::handler_t;

static server_http_res_ptr refusal(error_type type, const std::string & sentence) {
    auto answer = std::make_unique<server_http_res>();
    const json error = format_error_response(sentence, type);
    answer->status = json_value(error, "code", 500);
    answer->data   = safe_json_to_str({ { "error", error } });
    return answer;
}

// The HTTP layer expects handlers that never throw.
static handler guarded(handler inner) {
    return [inner = std::move(inner)](const server_http_req & request) -> server_http_res_ptr {
        // This header would keep an answer in memory for whoever names it later.
        if (!server_stream_conv_id_from_headers(request.headers).empty()) {
            return refusal(ERROR_TYPE_INVALID_REQUEST, "resumable streams are not part of this engine");
        }
        try {
            return inner(request);
        } catch (const std::invalid_argument & e) {
            return refusal(ERROR_TYPE_INVALID_REQUEST, e.what());
        } catch (const std::exception & e) {
            return refusal(ERROR_TYPE_SERVER, e.what());
        } catch (...) {
            return refusal(ERROR_TYPE_SERVER, "unknown error");
        }
    };
}

static void open_doors(server_http_context & http, server_routes & routes) {
    http.get ("/health",              guarded(routes.get_health));
    http.get ("/metrics",             guarded(routes.get_metrics));
    http.get ("/v1/models",           guarded(routes.get_models));
    http.post("/v1/chat/completions", guarded(routes.post_chat_completions));
    http.post("/completion",          guarded(routes.post_completions));
    http.post("/v1/embeddings",       guarded(routes.post_embeddings_oai));
    http.post("/tokenize",            guarded(routes.post_tokenize));
    http.post("/apply-template",      guarded(routes.post_apply_template));
}

// Why these options cannot be served, or nothing.
static const char * objection(const common_params & params) {
    const auto & model = params.model;
    if (!model.hf_repo.empty() || !model.docker_repo.empty() || !model.url.empty()) {
        return "this engine downloads nothing: give it a file with --model";
    }
    if (model.path.empty()) {
        return "this engine serves exactly one model: give it a file with --model";
    }
    if (!params.mmproj.path.empty() || !params.mmproj.url.empty()) {
        return "this engine handles text only: leave out --mmproj";
    }
    return nullptr;
}

// Counts requests to stop. A semaphore is what a signal handler may post to, and
// needs no system call that the sandbox would have to allow beside futex.
static sem_t stops;

static void on_stop(int) { sem_post(&stops); }

// Ends the loop when a signal asked for it.
static void watch_stops(server_context & engine, const std::atomic<bool> & serving) {
    while (sem_wait(&stops) != 0) {
        // interrupted by the very signal that it waits for
    }
    if (!serving) {
        _exit(0);  // still loading, or leaving after a failure: nothing to finish
    }
    // Repeated, because the loop may not have begun when the first call is made.
    while (serving) {
        engine.terminate();
        timespec until{};
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        if (sem_timedwait(&stops, &until) == 0 && serving) {
            _exit(1);  // asked twice: do not wait for a slow answer
        }
    }
}

static int serve(common_params & params) {
    if (params.n_parallel < 0) {
        params.n_parallel = 1;  // "automatic" upstream; a fixed number keeps memory predictable
    }
    if (params.embedding && params.n_batch > params.n_ubatch) {
        params.n_batch = params.n_ubatch;  // an embedding input must fit into one micro batch
    }
    if (params.model_alias.empty()) {
        params.model_alias.insert(params.model.get_name());
    }

    server_context      engine;
    server_routes       routes(params, engine);
    server_http_context http;
    std::atomic<bool>   serving{ false };
    std::thread         watcher(watch_stops, std::ref(engine), std::cref(serving));

    // Listening comes before loading, so that /health can say "loading".
    bool fine = http.init(params);
    if (fine) {
        open_doors(http, routes);
        fine = http.start() && engine.load_model(params);
    }
    if (!fine) {
        watcher.detach();
        return 1;
    }
    routes.update_meta(engine);
    serving = true;
    http.is_ready.store(true);
    SRV_INF("%s", "model loaded\n");
    engine.start_loop();  // until watch_stops ends it

    serving = false;
    sem_post(&stops);  // wakes the watcher at once
    watcher.join();
    server_stream_session_manager_stop();
    http.stop();
    engine.terminate();
    http.join();
    return 0;
}

int main(int argc, char ** argv) {
    std::setlocale(LC_NUMERIC, "C");
    signal(SIGPIPE, SIG_IGN);
    sem_init(&stops, 0, 0);
    signal(SIGINT, on_stop);
    signal(SIGTERM, on_stop);
    common_init();

    common_params params;
    if (!common_params_parse(argc, argv, params, LLAMA_EXAMPLE_SERVER)) {
        return 1;
    }
    if (const char * why = objection(params)) {
        fprintf(stderr, "error: %s\n", why);
        return 1;
    }
    llama_backend_init();
    llama_numa_init(params.numa);
    const int result = serve(params);
    llama_backend_free();
    common_log_flush(common_log_main());
    return result;
}
