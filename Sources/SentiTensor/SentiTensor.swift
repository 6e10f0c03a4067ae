// Matrices and archives.
