"""The maths of scoring: pure functions on numbers and numpy arrays. No Django, no clock, no input or output.

rules          what one forecast costs, given what happened        timeline       which forecast stood when and counts
distributions  numeric and date forecasts                          sweep          the same by columns; peer scores
reliability    calibration from the tick table                     decomposition  what is wrong with it, in numbers
uncertainty    intervals, what may be shown, the verdict           monitor        evidence that may be read every day
comparison     who is better                                       aggregation    crowds
values         the dataclasses that all of them share

Beneath them: checks (arguments), isotonic (pooling), seeds (from the data), special (distribution functions).
"""

ENGINE = 2  # stored with every score; raise it when a change here changes any stored number
