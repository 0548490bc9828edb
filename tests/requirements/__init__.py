"""Which requirement of the practice report each test proves, and how its last run ended.

A test carries the numbers in its name (`test_r41_leaving_destroys_the_session`) or in a marker
(`@pytest.mark.requirement("R41", "R42")`). `make requirements` prints the table.
"""
