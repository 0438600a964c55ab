// The engine serves no web pages. The server's HTTP part asks for a generated
// header of this name that holds the pages; this one says there are none.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

struct llama_ui_asset {
    std::string           name;
    const unsigned char * data;
    size_t                size;
    std::string           etag;
    std::string           type;
};

inline const std::vector<llama_ui_asset> & llama_ui_get_assets() {
    static const std::vector<llama_ui_asset> none;
    return none;
}

inline const llama_ui_asset * llama_ui_find_asset(const std::string &) { return nullptr; }

inline bool llama_ui_use_gzip() { return false; }
