#ifndef C_SENTI_SERVER_FILES_H
#define C_SENTI_SERVER_FILES_H

#include <stddef.h>

/// A file inside the program; it is there, and stays as it is, until the program ends.
typedef struct {
  const unsigned char *_Nonnull start;
  size_t byteCount;
} CSentiServerFiles_File;

CSentiServerFiles_File CSentiServerFiles_page(void);
CSentiServerFiles_File CSentiServerFiles_script(void);
CSentiServerFiles_File CSentiServerFiles_style(void);
CSentiServerFiles_File CSentiServerFiles_openAPI(void);

#endif
