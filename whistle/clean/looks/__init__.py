"""What a clean file looks like: small pictures, pages, text. One file for each that cleans, with the same name.

They run in the sandbox as the cleaners do, since nobody can be sure that a file which was cleaned is harmless.
"""
