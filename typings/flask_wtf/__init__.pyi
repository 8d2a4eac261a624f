from typing import ClassVar

from wtforms import Form

class FlaskForm(Form):
    class Meta:
        csrf: ClassVar[bool]

    form_errors: list[str]
    def validate_on_submit(self) -> bool: ...
    def is_submitted(self) -> bool: ...
    def hidden_tag(self) -> str: ...
