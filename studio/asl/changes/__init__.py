"""What one definition does that another does not: the changes between two, in words and as data.

``compare`` finds them, ``apply_changes`` makes the one definition of the other with them, and
``sentence`` says each as a person would. Documents are JSON values as ``json.loads`` gives them.
"""
