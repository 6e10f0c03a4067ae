#include "CSentiServerFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char page[] = {
#embed "Files/page.html"
};
static const unsigned char script[] = {
#embed "Files/page.js"
};
static const unsigned char style[] = {
#embed "Files/page.css"
};
static const unsigned char openAPI[] = {
#embed "Files/openapi.json"
};

CSentiServerFiles_File CSentiServerFiles_page(void) {
  return (CSentiServerFiles_File){page, sizeof page};
}

CSentiServerFiles_File CSentiServerFiles_script(void) {
  return (CSentiServerFiles_File){script, sizeof script};
}

CSentiServerFiles_File CSentiServerFiles_style(void) {
  return (CSentiServerFiles_File){style, sizeof style};
}

CSentiServerFiles_File CSentiServerFiles_openAPI(void) {
  return (CSentiServerFiles_File){openAPI, sizeof openAPI};
}
