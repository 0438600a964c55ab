package build

import (
	"embed"
	"path"
	"path/filepath"
	"strings"
)

// front holds our own sources: the main program, the answers of a server
// without media, and the header of a server without pages.
//
//go:embed front/front.cpp front/textonly.cpp front/ui.h
var front embed.FS

// unit is one source file, relative to the source tree.
type unit struct {
	path  string
	flags []string
}

// units is what the front is made of, the slowest first so that cores end together.
//
// Of llama.cpp's server these files are not compiled: main.cpp and server.cpp
// (replaced by front.cpp), server-models.cpp (router that starts child
// processes), server-mcp.cpp and server-tools.cpp (run commands, read files),
// and the whole of tools/mtmd (decoders for pictures, sound and video).
var units = []unit{
	{path: "vendor/cpp-httplib/httplib.cpp", flags: []string{
		// As upstream builds it: room for long prompts and many waiting connections.
		"-DCPPHTTPLIB_FORM_URL_ENCODED_PAYLOAD_MAX_LENGTH=1048576",
		"-DCPPHTTPLIB_LISTEN_BACKLOG=512",
		"-DCPPHTTPLIB_REQUEST_URI_MAX_LENGTH=32768",
		"-DCPPHTTPLIB_TCP_NODELAY=1",
	}},
	{path: "tools/server/server-context.cpp"},
	{path: "tools/server/server-task.cpp"},
	{path: "tools/server/server-common.cpp"},
	{path: "tools/server/server-http.cpp"},
	{path: "tools/server/server-schema.cpp"},
	{path: "tools/server/server-queue.cpp"},
	{path: "tools/server/server-chat.cpp"},
	{path: "tools/server/server-stream.cpp"},
	{path: "front/front.cpp"},
	{path: "front/textonly.cpp"},
}

// treePaths are the parts of the source tree that the units need.
var treePaths = []string{
	"LICENSE", "include", "ggml/include", "common", "tools/server", "tools/mtmd",
	"vendor/cpp-httplib", "vendor/nlohmann", "vendor/sheredom",
}

// compileFlags: hardened, and without what the front does not use. LLAMA_SUBPROCESS
// stays undefined: without it the server's code that starts programs is not there.
var compileFlags = []string{
	"-std=c++17", "-O2", "-fPIE", "-w", "-DNDEBUG",
	"-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-D_GLIBCXX_ASSERTIONS", "-fstack-protector-strong",
	"-ffunction-sections", "-fdata-sections",
	// How the prebuilt libraries were built; structures must agree.
	"-DGGML_SHARED", "-DLLAMA_SHARED", "-DGGML_BACKEND_SHARED", "-DGGML_BACKEND_DL", "-DGGML_USE_CPU",
	"-Ifront", "-Iinclude", "-Iggml/include", "-Icommon", "-Ivendor", "-Itools/mtmd", "-Itools/server",
}

var linkFlags = []string{
	"-pie", "-s", "-pthread", "-Wl,-z,relro,-z,now,-z,noexecstack", "-Wl,--gc-sections", "-Wl,--as-needed",
	"-Wl,-rpath,$ORIGIN", // the libraries lie beside the program
}

func (u unit) object() string {
	return strings.TrimSuffix(path.Base(u.path), ".cpp") + ".o"
}

func (u unit) args(object string) []string {
	args := append([]string{}, compileFlags...)
	return append(append(args, u.flags...), "-c", u.path, "-o", object)
}

// linkArgs links all objects with the libraries, named by file so that the
// linker takes no others.
func linkArgs(objects, libs, program string) []string {
	args := append([]string{}, linkFlags...)
	args = append(args, "-o", program)
	for _, u := range units {
		args = append(args, filepath.Join(objects, u.object()))
	}
	found, _ := filepath.Glob(filepath.Join(libs, "lib*.so"))
	for _, lib := range found {
		// The libggml-cpu-*.so are chosen at run time to fit the processor.
		if !strings.HasPrefix(filepath.Base(lib), "libggml-cpu-") {
			args = append(args, lib)
		}
	}
	return args
}

// Recipe identifies everything about the build that we decide: our sources,
// the files compiled and all flags. Another recipe is another engine.
func Recipe() string {
	parts := append(append([]string{}, compileFlags...), linkFlags...)
	for _, u := range units {
		parts = append(append(parts, u.path), u.flags...)
	}
	for _, name := range frontFiles() {
		content, _ := front.ReadFile(name)
		parts = append(parts, name, string(content))
	}
	return hashed(parts...)
}

func frontFiles() []string {
	return []string{"front/front.cpp", "front/textonly.cpp", "front/ui.h"}
}
