// The divider of divider.js, whose line starts anew with each pair of pictures.

function render({ model, el }) {
  const { show, reset } = addDivider(el);
  return follow(model, el, {
    pictures: () => {
      show(model.get("pictures"));
      reset();
    },
  });
}

export default { render };
