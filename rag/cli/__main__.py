"""`python -m rag.cli`, where the command `sourceline` is not on the path."""

from rag.cli import main

if __name__ == "__main__":
    main()
