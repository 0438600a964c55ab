package llama

import "strconv"

// Flags returns the arguments with which a server for o is started, for people
// who want to see or repeat it.
func Flags(o Options) ([]string, error) {
	o, err := o.complete()
	return o.arguments(), err
}

// arguments are the server's flags: what is needed, and everything that
// shrinks its surface. Its defaults are for a developer's own machine: a
// prompt cache of 8 GiB shared by all callers, a web page, an hour of
// patience.
func (o Options) arguments() []string {
	n := strconv.Itoa
	args := []string{
		"--model", o.Model, "--alias", o.ModelID,
		"--host", socketName, // relative to the working folder, see socketPath
		"--parallel", n(o.Slots), "--ctx-size", n(o.Slots * o.Context), "--no-kv-unified",
		"--threads", n(o.Threads), "--threads-batch", n(o.Threads),
		// One for each connection that may be open, busy or idle.
		"--threads-http", n(2*o.Slots + 4),
		"--timeout", "120",

		"--offline", "--no-ui", "--no-slots", "--no-warmup", "--fit", "off",
		"--cors-origins", "localhost", "--no-cors-credentials",

		// No memory of one prompt helps another, unless a request says so
		// and names the slot: see slots.
		"--cache-ram", "0", "--no-cache-idle-slots", "--no-cache-prompt",
		"--slot-prompt-similarity", "0", "--ctx-checkpoints", "0",

		"--no-prefill-assistant",                      // an answer is a turn of its own
		"--log-colors", "off", "--log-verbosity", "3", // from 4 on the log shows prompts
	}
	if o.Embeddings {
		// A text is read in one go, or its vector would be that of its end.
		args = append(args, "--embeddings", "--batch-size", n(o.Context), "--ubatch-size", n(o.Context))
	}
	if o.ChatML {
		args = append(args, "--chat-template-file", o.template())
	}
	return args
}

// environment is all that the server sees: it also takes flags from variables
// named LLAMA_ARG_*, so nothing is inherited.
func environment() []string {
	return []string{
		"GGML_NO_BACKTRACE=1",          // it would start a debugger
		"HOME=/", "LC_ALL=C", "TZ=UTC", // keep the C library from looking for files
	}
}
