package llama

import "testing"

func TestRedact(t *testing.T) {
	for line, want := range map[string]string{
		// kept
		"0.04.577.733 I slot print_timing: id  1 | task 0 | prompt eval time =     292.72 ms /    53 tokens (    5.52 ms per token,   181.06 tokens per second)": "",
		"0.00.524.656 I srv  llama_server: listening on unix://e.sock":                                                                                           "",
		"0.04.000.140 I slot launch_slot_: id  1 | task 0 | processing task, is_child = 0":                                                                       "",
		// cut
		`0.01.486.983 W srv    operator(): got exception: {"error":{"message":"last read: 'secret'"}}`: "0.01.486.983 W srv    operator(): got exception(cut)",
		"0.01.486.983 E slot   operator(): id  1 | task 28 | got exception: secret":                    "0.01.486.983 E slot   operator(): id  1 | task 28 | got exception(cut)",
		"0.01.486.983 E srv    send_error: task id = 7, error: secret":                                 "0.01.486.983 E srv    send_error: task id = 7, error(cut)",
		"0.01.486.983 E cmn  common_chat: failed to apply template: secret":                            "0.01.486.983 E cmn  common_chat: failed to apply template(cut)",
		"0.01.486.983 I srv  load_model: loading model 'secret'":                                       "0.01.486.983 I srv  load_model: loading model (cut)",
		// left out
		"the rest of a secret":  "(a line is left out)",
		"secret: 1.0 I not one": "(a line is left out)",
		// last words
		"/src/ggml.c:123: GGML_ASSERT(a == b) failed":                     "",
		"terminate called after throwing an instance of 'std::exception'": "terminate called after throwing an instance of (cut)",
		"  what():  bad 'secret'":                                         "  what():  bad (cut)",
	} {
		if want == "" {
			want = line
		}
		if got := redact(line); got != want {
			t.Errorf("%q\nbecomes %q\nwant    %q", line, got, want)
		}
	}
}
