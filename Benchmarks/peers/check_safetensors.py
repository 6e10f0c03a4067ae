"""Opens a file that senti wrote with Python's safetensors, and checks what both must agree on.

    python check_safetensors.py MODEL.safetensors

Prints every tensor's name, type and shape. Exits with 1 when the checksum in the metadata is not
that of the tensors' bytes.
"""

import pathlib
import sys

import xxhash
from safetensors import safe_open


def main(path: pathlib.Path) -> int:
    with safe_open(path, framework="pt") as archive:
        metadata = archive.metadata() or {}
        for key, value in metadata.items():
            print(f"{key} = {value if len(value) <= 60 else value[:57] + '...'}")
        for name in archive.keys():
            tensor = archive.get_tensor(name)
            print(f"{name}  {tensor.dtype}  {list(tensor.shape)}")

    content = path.read_bytes()
    body = content[8 + int.from_bytes(content[:8], "little"):]
    found = "xxh64:" + xxhash.xxh64(body).hexdigest()
    expected = metadata.get("senti.checksum")
    if found != expected:
        print(f"{path}: expected checksum {expected}, found {found}", file=sys.stderr)
        return 1
    print(f"checksum {found} is right")
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
