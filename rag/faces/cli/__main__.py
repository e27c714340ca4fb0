"""`python -m rag.faces.cli`, where the command `sourceline` is not on the path."""

from rag.faces.cli import main

if __name__ == "__main__":
    main()
