"""From the outline of a document to its teams and objectives, whatever format it came in.

``node`` is the outline, ``roles`` tells what each line of it is, ``reading`` makes records.
"""
